#!/usr/bin/env bash
# How fast and how well faxes are read, beside `tesseract` and `ocrmypdf`, on
# the same packets drawn anew. Figures are of this machine, now: leave it idle.
#   SEED=n     another set of packets (default: today's date)
#   PACKETS=n  how many of each damage and resolution (default 2)
set -euo pipefail
cd "$(dirname "$0")/.."
# One OCR thread a process, for all alike.
export OMP_THREAD_LIMIT=1 RTEN_NUM_THREADS=1

seed=${SEED:-$(date +%Y%m%d)}
packets=${PACKETS:-2}
received=2026-03-09T15:00:00Z
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --release --locked --example generate --example measure
generate=target/release/examples/generate
measure=target/release/examples/measure
intake=target/release/intake

# seconds COMMAND…: how long it takes; its output goes to $work/said.
seconds() {
    local began ended code=0
    began=$(date +%s.%N)
    "$@" >"$work/said" 2>"$work/complaints" || code=$?
    ended=$(date +%s.%N)
    # 3: something was held, which is for the clerk and not for the bench.
    if ((code != 0 && code != 3)); then
        echo "$*: exit code $code" >&2
        cat "$work/complaints" >&2
        exit 1
    fi
    awk -v a="$began" -v b="$ended" 'BEGIN { printf "%.3f", b - a }'
}
read_by_intake() { "$intake" process --json --received-at "$received" "$@"; }
one_tesseract() { for file; do tesseract "$file" "${file%.tif}.one"; done; }
two_tesseracts() { printf '%s\0' "$@" | xargs -0 -P2 -I{} tesseract {} {}.two; }
by_ocrmypdf() {
    for file; do
        ocrmypdf --quiet --jobs 2 --output-type pdf "${file%.tif}.pdf" "${file%.tif}.ocr.pdf"
    done
}

# watch PATTERN NAME: peak memory in MiB of each process whose command line has
# PATTERN, until the file $work/NAME.done is there; the most goes to $work/NAME.
watch() {
    local most=0 now
    while [[ ! -e $work/$2.done ]]; do
        for pid in $(pgrep -f "$1" || true); do
            now=$(awk '/VmHWM/ { print int($2 / 1024) }' "/proc/$pid/status" 2>/dev/null || echo 0)
            ((${now:-0} > most)) && most=$now
        done
        sleep 0.2
    done
    echo "$most" >"$work/$2"
}

echo "seed $seed, $packets packets a cell, $(getconf _NPROCESSORS_ONLN) cores;" \
    "$(tesseract --version 2>&1 | head -1), ocrmypdf $(ocrmypdf --version)"
echo "pages a second and share of printed words read:"
printf '%-8s %-9s %5s  %15s  %15s  %15s  %15s\n' level rows/inch pages intake \
    'tesseract ×1' 'tesseract ×2' 'ocrmypdf -j2'
watch 'intake reader' readers &
watcher=$!
for level in clean light medium heavy; do
    for resolution in fine standard; do
        folder=$work/$level-$resolution
        "$generate" --out "$folder" --seed "$seed" --count "$packets" \
            --level "$level" --resolution "$resolution" --format g4 >/dev/null
        files=("$folder"/*.tif)
        for file in "${files[@]}"; do
            tiff2pdf -o "${file%.tif}.pdf" "$file" 2>/dev/null
        done
        ours=$(seconds read_by_intake "${files[@]}")
        cp "$work/said" "$folder/ours.jsonl"
        one=$(seconds one_tesseract "${files[@]}")
        two=$(seconds two_tesseracts "${files[@]}")
        peer=$(seconds by_ocrmypdf "${files[@]}")
        place=0
        for file in "${files[@]}"; do
            place=$((place + 1))
            truth=${file%.tif}.truth.json
            sed -n "${place}p" "$folder/ours.jsonl" | "$measure" text --result "$truth" >>"$folder/words.ours"
            "$measure" text "$truth" <"${file%.tif}.one.txt" >>"$folder/words.one"
            "$measure" text "$truth" <"$file.two.txt" >>"$folder/words.two"
            pdftotext "${file%.tif}.ocr.pdf" - | "$measure" text "$truth" >>"$folder/words.peer"
        done
        recall() { awk '{ found += $1; all += $2 } END { printf "%.4f", found / all }' "$folder/words.$1"; }
        pages=$(awk '{ pages += $3 } END { print pages }' "$folder/words.ours")
        echo "$pages $ours $one $two $peer $(recall ours) $(recall one) $(recall two) $(recall peer)" \
            | tee -a "$work/cells" \
            | awk -v level="$level" -v resolution="$resolution" '{
                printf "%-8s %-9s %5d  %7.2f  %.4f  %7.2f  %.4f  %7.2f  %.4f  %7.2f  %.4f\n",
                    level, resolution, $1, $1/$2, $6, $1/$3, $7, $1/$4, $8, $1/$5, $9 }'
    done
done
touch "$work/readers.done"
wait "$watcher"
awk '{ pages += $1; for (i = 2; i <= 5; i++) s[i] += $1 / $i; for (i = 6; i <= 9; i++) r[i] += $i; n++ }
    { for (i = 2; i <= 5; i++) t[i] += $i }
    END {
        printf "%-18s %5d  %7.2f  %.4f  %7.2f  %.4f  %7.2f  %.4f  %7.2f  %.4f\n", "pooled", pages,
            pages/t[2], r[6]/n, pages/t[3], r[7]/n, pages/t[4], r[8]/n, pages/t[5], r[9]/n
        printf "against ocrmypdf: %.2f times its pages a second, word recall %+.4f\n",
            t[5]/t[2], (r[6] - r[9])/n
    }' "$work/cells"
echo "most memory of a reader: $(cat "$work/readers") MiB"

echo
echo "the same pages in one process (cpu ms a page, engine's share of it, turns, tick boxes):"
"$measure" read --jobs 2 "$work"/{clean,light,medium,heavy}-{fine,standard}

echo
"$generate" --out "$work/typed" --seed "$seed" --count 30 --format pdf-text >/dev/null
typed=$(seconds read_by_intake "$work"/typed/*.pdf)
pages=$(grep -o '"pages":[0-9]\+' "$work/said" | cut -d: -f2 | awk '{ n += $1 } END { print n }')
awk -v pages="$pages" -v s="$typed" 'BEGIN {
    printf "born-digital PDF: %d pages in %.2f s, %.0f pages/s\n", pages, s, pages / s }'

echo
# One fax of so many different pages, and the memory of who reads and who waits.
"$generate" --out "$work/long" --seed "$seed" --count 60 --level light --resolution fine \
    --format g4 >/dev/null
tiffcp "$work"/long/*.tif "$work/all.tif" 2>/dev/null
for pages in 30 300; do
    tiffcp "$work/all.tif,$(seq -s, 0 $((pages - 1)))" "$work/fax-$pages.tif" 2>/dev/null
    watch 'intake process' "parent-$pages" &
    watch 'intake reader' "reader-$pages" &
    took=$(seconds read_by_intake "$work/fax-$pages.tif")
    touch "$work/parent-$pages.done" "$work/reader-$pages.done"
    wait
    said=$(grep -o '"pages":[0-9]\+' "$work/said" | head -1 | cut -d: -f2)
    echo "a fax of $said pages: $took s, most memory of the service" \
        "$(cat "$work/parent-$pages") MiB, of a reader $(cat "$work/reader-$pages") MiB"
done
