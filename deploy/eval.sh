#!/usr/bin/env bash
# How much is found, and how rightly, on packets drawn anew in every damage and
# resolution. Prints recall and precision of each field, then every miss.
#   SEED=n      another set of packets (default: today's date)
#   PACKETS=n   how many of each damage and resolution (default 6)
#   LAYOUTS=p   pool of layouts: known, wide, or kept-out (default), of which
#               nothing was looked at while the rules were made
#   JSON=1      the report as one JSON object
set -euo pipefail
cd "$(dirname "$0")/.."

seed=${SEED:-$(date +%Y%m%d)}
packets=${PACKETS:-6}
layouts=${LAYOUTS:-kept-out}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --release --locked --example generate
cell=0
for level in clean light medium heavy; do
    for resolution in fine standard; do
        target/release/examples/generate --out "$work/set/$level-$resolution" \
            --seed $((seed * 100 + cell * packets)) --count "$packets" --layouts "$layouts" \
            --level "$level" --resolution "$resolution" --format g4 >/dev/null
        cell=$((cell + 1))
    done
done
echo >&2 "seed $seed, $packets packets of each damage and resolution, layouts $layouts"
if [[ -n ${JSON:-} ]]; then
    target/release/intake eval --json "$work/set"
else
    target/release/intake eval "$work/set"
fi
