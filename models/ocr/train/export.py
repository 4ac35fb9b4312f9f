"""Makes of a trained net the file that the service reads, and its card.

    python export.py --checkpoint run/checkpoint.pt --train shards/train --valid shards/valid \\
        --out .. --form int8

writes `fax.onnx` and `fax.toml` into the folder. The lines kept out of training are read in floats
and in 8 bits (quantise.py), both go into the card; `--form` says which is shipped. From those
lines also comes the table that makes of the net's own probability that a word is right how often
such words were right.
"""

import argparse
import difflib
import hashlib
import json
import time
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch.nn import functional

from net import ALPHABET, HEIGHT, STEP, WIDTH_MULTIPLE, Net, best_path
from quantise import quantised, session
from shards import CLASS_OF, Folder, by_width, collate, padded
from train import judge

BLANK = CLASS_OF[" "]
# Batches from which the scales of inputs are taken.
SCALE_BATCHES = 40
# Steps of the table; each has at least so many words, of which the rest would be chance.
FEWEST_WORDS = 50


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--train", required=True, help="folder of shards, for scales")
    parser.add_argument("--valid", required=True, help="folder of shards kept out of training")
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--form", choices=["float", "int8"], default="int8")
    parser.add_argument("--lines", type=int, default=4000, help="of the validation lines")
    return parser.parse_args()


def exported(net):
    """The net as ONNX; how many strips and how wide is open. Normalisation goes into the
    convolutions."""
    with warnings.catch_warnings():
        # Of the older exporter, which makes the smaller graph, and of batches, which are tested.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            net.eval(), torch.zeros(1, 1, HEIGHT, 8 * WIDTH_MULTIPLE), "/tmp/fax-export.onnx",
            input_names=["strips"], output_names=["scores"], opset_version=17, dynamo=False,
            dynamic_axes={"strips": {0: "N", 3: "W"}, "scores": {0: "N", 1: "T"}},
        )
    model = onnx.load("/tmp/fax-export.onnx")
    Path("/tmp/fax-export.onnx").unlink()
    # The folding leaves a shape by calculation behind; the service asks for a name.
    for axis, name in enumerate(["N", "T"]):
        model.graph.output[0].type.tensor_type.shape.dim[axis].dim_param = name
    return model


def reader(model):
    """For `judge`: strips to texts."""
    run = session(model)
    return lambda strips: best_path(torch.from_numpy(run.run(None, {"strips": strips.numpy()})[0]))


def scale_batches(folder):
    folder.look()
    batches = folder.batches(12800)
    return [next(batches).strips.numpy() for _ in range(SCALE_BATCHES)]


def words_of(scores):
    """Words of one strip as the service cuts them, (text, probability): the probability that the
    columns between two blanks spell the text, over all ways."""
    path = scores.argmax(-1).tolist()
    words, left = [], 0
    for right in [i for i, c in enumerate(path) if c == BLANK] + [len(path)]:
        kept = [c for i, c in enumerate(path[left:right]) if c and (i == 0 or c != path[left + i - 1])]
        if kept:
            loss = functional.ctc_loss(
                scores[left:right, None], torch.tensor([kept]), torch.tensor([right - left]),
                torch.tensor([len(kept)]), reduction="sum",
            )
            words.append(("".join(ALPHABET[c - 1] for c in kept), float(torch.exp(-loss))))
        left = right + 1
    return words


def judged_words(model, folder, count):
    """(probability, whether it was right) of the words of about `count` lines."""
    run = session(model)
    records = [(shard, i) for shard in folder.shards.values() for i in range(len(shard))]
    judged = []
    for group in by_width(records[:: max(1, len(records) // count)], 12800):
        batch = collate([s.line(i) for s, i in group], padded(max(s.widths[i] for s, i in group)))
        for line, scores in zip(batch.lines, run.run(None, {"strips": batch.strips.numpy()})[0]):
            own = torch.from_numpy(scores[: -(-line.pixels.shape[1] // STEP)])
            words = words_of(own)
            right = set()
            texts = [text for text, _ in words]
            matcher = difflib.SequenceMatcher(None, texts, line.text.split(), autojunk=False)
            for block in matcher.get_matching_blocks():
                right.update(range(block.a, block.a + block.size))
            judged += [(p, i in right) for i, (_, p) in enumerate(words)]
    return judged


def table(judged):
    """Steps of equally many words, made to rise by joining those that fall (pool adjacent
    violators)."""
    judged = sorted(judged)
    size = max(FEWEST_WORDS, len(judged) // 20)
    steps = []
    for start in range(0, len(judged), size):
        part = np.array(judged[start : start + size], float)
        steps.append([part[:, 0].sum(), part[:, 1].sum(), len(part)])
        while len(steps) > 1 and steps[-2][1] / steps[-2][2] >= steps[-1][1] / steps[-1][2]:
            last = steps.pop()
            steps[-1] = [a + b for a, b in zip(steps[-1], last)]
    points = [(round(p / n, 4), round(right / n, 4)) for p, right, n in steps]
    return [point for point, after in zip(points, points[1:] + [(2, 2)]) if point[0] < after[0]]


def timed(model, width=400, runs=30):
    """Milliseconds a strip of `width` pixels, one at a time, one thread, in ONNX Runtime."""
    run, strips = session(model), np.zeros((1, 1, HEIGHT, padded(width)), np.float32)
    took = []
    for _ in range(runs):
        began = time.perf_counter()
        run.run(None, {"strips": strips})
        took.append(time.perf_counter() - began)
    return round(1000 * float(np.median(took)), 2)


def toml_table(name, facts):
    rows = "".join(f"{json.dumps(key)} = {json.dumps(value)}\n" for key, value in facts.items())
    return f"\n[{name}]\n{rows}"


def main():
    options = arguments()
    torch.set_num_threads(1)
    saved = torch.load(options.checkpoint, map_location="cpu")
    net = Net()
    net.load_state_dict(saved["net"])
    train, valid = Folder(options.train, 1), Folder(options.valid, 1)
    valid.look()
    batches = scale_batches(train)
    floats = exported(net)
    forms = {"float": floats, "int8": quantised(floats, batches)}
    simulated = {"float": floats, "int8": quantised(floats, batches, simulated=True)}
    figures = {form: judge(reader(model), valid, options.lines) for form, model in simulated.items()}
    print(json.dumps(figures, indent=1), "ms a strip of 400 pixels, floats:", timed(floats))
    judged = judged_words(simulated[options.form], valid, options.lines)

    weights = forms[options.form].SerializeToString()
    (options.out / "fax.onnx").write_bytes(weights)
    card = "# Written by train/export.py together with fax.onnx; see fax.md.\n"
    card += "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in {
        "file": "fax.onnx",
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
        "alphabet": ALPHABET,
        "height": HEIGHT,
        "step": STEP,
        "width_multiple": WIDTH_MULTIPLE,
        "calibration": table(judged),
    }.items())
    card += toml_table("figures", {
        "form": options.form,
        "parameters": sum(p.numel() for p in net.parameters()),
        "training_lines_seen": saved["lines"],
        "training_minutes": round(saved["seconds"] / 60, 1),
        "validation_lines": figures["float"]["lines"],
        "words_right": round(100 * sum(right for _, right in judged) / max(1, len(judged)), 2),
    })
    for form in forms:
        card += toml_table(f"figures.{form}", {
            key: value for key, value in figures[form].items() if key not in ("cer", "lines")
        })
        card += toml_table(f"figures.{form}.cer", figures[form]["cer"])
    (options.out / "fax.toml").write_text(card)


if __name__ == "__main__":
    main()
