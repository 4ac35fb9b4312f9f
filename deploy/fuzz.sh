#!/usr/bin/env bash
# Fuzzes what a stranger's bytes reach first: FUZZ_SECONDS (default 900) for
# each target, or for those named as arguments. Stops at the first finding;
# tests/fuzz/README.md says what to do with one.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${FUZZ_SECONDS:-900}
targets=("$@")
((${#targets[@]})) || targets=(tiff pdf docx reply)

command -v cargo-fuzz >/dev/null || {
    echo "intake: cargo-fuzz is missing: cargo install cargo-fuzz; rustup toolchain install nightly" >&2
    exit 1
}

# Small files to start from: single pages of the samples, in several codings.
corpus=tests/fuzz/corpus
mkdir -p "$corpus"/{tiff,pdf,docx,reply}
cp tests/fuzz/seeds/reply/*.json "$corpus/reply/"
cp tests/fuzz/seeds/docx/*.xml "$corpus/docx/"
cp fixtures/samples/sleep-test.pdf "$corpus/pdf/"
qpdf --split-pages fixtures/samples/home-health.pdf "$corpus/pdf/home-health-%d.pdf"
for coding in none packbits lzw zip g3:1d g3:2d g4; do
    tiffcp -c "$coding" fixtures/samples/dme-no-order-no-visit.tif,0 "$corpus/tiff/$coding.tif" 2>/dev/null
done
tiffcp -t -w 256 -l 256 -c g4 fixtures/samples/dme-no-order-no-visit.tif,1 "$corpus/tiff/tiles.tif" 2>/dev/null
# A part of a scan, small enough for the limit of the PDF target.
part=$(mktemp --suffix .tif)
tiffcp -c g4 fixtures/samples/dme-no-order-no-visit.tif,0 "$part" 2>/dev/null
tiffcrop -U px -z 0,100,499,599 "$part" "$part.crop.tif" 2>/dev/null
tiff2pdf -o "$corpus/pdf/scan.pdf" "$part.crop.tif" 2>/dev/null
rm -f "$part" "$part.crop.tif"

for target in "${targets[@]}"; do
    echo "intake: fuzzing $target for $seconds s"
    OMP_THREAD_LIMIT=1 cargo +nightly fuzz run --fuzz-dir tests/fuzz "$target" -- \
        -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1
done
