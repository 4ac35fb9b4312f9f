#!/usr/bin/env bash
# How fast faxes are processed: pages a second of `intake process` on packets
# drawn anew, by damage and resolution, each reader with one thread. Beside it,
# how long everything but reading takes. Figures are of this machine, now.
#   SEED=n  another set of packets (default: today's date)
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_THREAD_LIMIT=1

seed=${SEED:-$(date +%Y%m%d)}
packets=2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --release --locked --example generate
echo "seed $seed, $packets packets a cell, $(getconf _NPROCESSORS_ONLN) cores"
printf '%-8s %-9s %6s %8s %9s %16s\n' level rows/inch pages seconds pages/s "ms a page besides"
for level in clean light medium heavy; do
    for resolution in fine standard; do
        folder=$work/$level-$resolution
        target/release/examples/generate --out "$folder" --seed "$seed" --count "$packets" \
            --level "$level" --resolution "$resolution" --format g4 >/dev/null
        began=$(date +%s.%N)
        code=0
        target/release/intake process --json --received-at 2026-03-09T15:00:00Z \
            "$folder"/*.tif >"$work/out.jsonl" || code=$?
        ended=$(date +%s.%N)
        ((code == 0 || code == 3)) || { echo "intake process failed: $code" >&2; exit 1; }
        sum() { grep -o "\"$1\":[0-9]\+" "$work/out.jsonl" | cut -d: -f2 | awk '{ n += $1 } END { print n }'; }
        pages=$(sum pages)
        besides=$(($(sum extract) + $(sum decide)))
        awk -v level="$level" -v resolution="$resolution" -v pages="$pages" \
            -v began="$began" -v ended="$ended" -v besides="$besides" 'BEGIN {
                printf "%-8s %-9s %6d %8.2f %9.2f %16.1f\n",
                    level, resolution, pages, ended - began, pages / (ended - began), besides / pages }'
    done
done
