#!/usr/bin/env bash
# How much is found, and how rightly, on packets drawn anew in every damage and
# resolution. Prints recall and precision of each field, then every miss.
#   SEED=n      another set of packets (default: today's date)
#   PACKETS=n   how many of each damage and resolution (default 6)
#   LAYOUTS=p   pool of layouts: known, wide, or kept-out (default), of which
#               nothing was looked at while the rules were made
#   COVERS=1    covers alone instead, 1,040 of them, half with a pending
#               discharge: 130 of each damage and resolution
#   JSON=1      the report as one JSON object
#   READINGS=d  keep what is read in a folder, and read nothing a second time
set -euo pipefail
cd "$(dirname "$0")/.."

seed=${SEED:-$(date +%Y%m%d)}
packets=${PACKETS:-6}
layouts=${LAYOUTS:-kept-out}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cargo build --release --locked --example generate

draw() { # folder, first seed, how many, further arguments
    target/release/examples/generate --out "$work/set/$1" --seed "$2" --count "$3" \
        --layouts "$layouts" --level "$level" --resolution "$resolution" --format g4 \
        "${@:4}" >/dev/null
}

cell=0
for level in clean light medium heavy; do
    for resolution in fine standard; do
        if [[ -z ${COVERS:-} ]]; then
            draw "$level-$resolution" $((seed * 100 + cell * packets)) "$packets"
            cell=$((cell + 1))
            continue
        fi
        for said in ticked typed stamped synonym unticked negated not_applicable absent past \
            summary_pending; do
            case $said in
                ticked | typed | stamped | synonym) count=16 ;;
                *) count=11 ;;
            esac
            draw "$level-$resolution-$said" $((seed * 10000 + cell * 100)) "$count" \
                --kind dme --only fax_cover --discharge "$said"
            cell=$((cell + 1))
        done
    done
done
if [[ -z ${COVERS:-} ]]; then
    echo >&2 "seed $seed, $packets packets of each damage and resolution, layouts $layouts"
else
    echo >&2 "seed $seed, 1,040 covers, layouts $layouts"
fi
options=()
if [[ -n ${READINGS:-} ]]; then
    options+=(--readings "$READINGS")
fi
if [[ -n ${JSON:-} ]]; then
    options+=(--json)
fi
target/release/intake eval "${options[@]}" "$work/set"
