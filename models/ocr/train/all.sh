#!/usr/bin/env bash
# From nothing to weights: lines are drawn, the net is trained on them, and what
# it learnt is written to models/ocr. Each step leaves out what it finds done;
# TRAIN_PAGES and TRAIN_MINUTES say how much of it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../../.."
work=target/train
pages=${TRAIN_PAGES:-2500}
minutes=${TRAIN_MINUTES:-60}

if [[ ! -x $work/venv/bin/python ]]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi

# Pages drawn from these seeds are for tuning; those of figures begin at 9000.
draw=(cargo run --release --locked --example lines --)
if [[ ! -d $work/valid ]]; then
    "${draw[@]}" --out "$work/valid.new" --name valid --seed 5500 --pages 60
    mv "$work/valid.new" "$work/valid"
fi
if [[ ! -d $work/lines ]]; then
    "${draw[@]}" --out "$work/lines.new" --name lines --seed 110000 --pages "$pages" --jobs "$(nproc)"
    mv "$work/lines.new" "$work/lines"
fi

"$work/venv/bin/python" "$here/train.py" \
    --train "$work/lines" --valid "$work/valid" --out "$work/run" --minutes "$minutes"
"$work/venv/bin/python" "$here/export.py" \
    --checkpoint "$work/run/checkpoint.pt" --valid "$work/valid" --out models/ocr
