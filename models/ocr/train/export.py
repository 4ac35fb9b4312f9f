"""Makes of a trained net the file that the service reads, and its card.

    python export.py --checkpoint run/checkpoint.pt --valid shards/valid --out ..

writes `fax.onnx` and `fax.toml` into the folder. From the lines kept out of training come the
figures of the card, and the table that makes of the net's own probability that a word is right how
often such words were right.

The file holds 32-bit floats. Convolutions in 8 bits (`ConvInteger`, inputs and weights of 7 bits
with scales from real lines) cost no accuracy, but the runtime of the service, rten 0.27, computes
them wrongly, leaving out the weights' zero point and padding with another value than the inputs'
zero; and it was hardly faster.
"""

import argparse
import difflib
import hashlib
import json
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch.nn import functional

from net import ALPHABET, HEIGHT, STEP, WIDTH_MULTIPLE, Net, best_path
from shards import CLASS_OF, Folder, by_width, collate, padded
from train import judge

BLANK = CLASS_OF[" "]
# Columns of pixels in a batch.
BATCH_PIXELS = 12800
# Steps of the table, at most …
STEPS = 20
# … and of so many words each at least, lest they be chance.
FEWEST_WORDS = 50


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", required=True)
    parser.add_argument("--valid", required=True, help="folder of shards kept out of training")
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--lines", type=int, default=4000, help="of the validation lines")
    return parser.parse_args()


def exported(net):
    """The net as ONNX; how many strips and how wide is open. Normalisation goes into the
    convolutions."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # Of the older exporter, which makes the smaller graph, and of batches, which tests cover.
        warnings.simplefilter("ignore")
        file = f"{folder}/net.onnx"
        torch.onnx.export(
            net.eval(), torch.zeros(1, 1, HEIGHT, 8 * WIDTH_MULTIPLE), file,
            input_names=["strips"], output_names=["scores"], opset_version=17, dynamo=False,
            dynamic_axes={"strips": {0: "N", 3: "W"}, "scores": {0: "N", 1: "T"}},
        )
        return onnx.load(file)


class Judge:
    """Reads strips with the exported net, as the service does."""

    def __init__(self, model):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.run = onnxruntime.InferenceSession(model.SerializeToString(), options).run

    def scores(self, strips):
        return torch.from_numpy(self.run(None, {"strips": strips.numpy()})[0])

    def texts(self, strips):
        return best_path(self.scores(strips))

    def words(self, folder, count):
        """(probability, whether it was right) of the words of about `count` lines."""
        records = [(shard, i) for shard in folder.shards.values() for i in range(len(shard))]
        judged = []
        for group in by_width(records[:: max(1, len(records) // count)], BATCH_PIXELS):
            widest = max(shard.widths[i] for shard, i in group)
            batch = collate([shard.line(i) for shard, i in group], padded(widest))
            for line, scores in zip(batch.lines, self.scores(batch.strips)):
                words = words_of(scores[: -(-line.pixels.shape[1] // STEP)])
                right = in_common([text for text, _ in words], line.text.split())
                judged += [(p, at in right) for at, (_, p) in enumerate(words)]
        return judged


def words_of(scores):
    """Words of one strip as the service cuts them, (text, probability): the probability that the
    columns between two blanks spell the text, over all ways."""
    path = scores.argmax(-1).tolist()
    words, left = [], 0
    for right in [at for at, c in enumerate(path) if c == BLANK] + [len(path)]:
        columns = path[left:right]
        kept = [c for c, before in zip(columns, [0] + columns[:-1]) if c and c != before]
        if kept:
            loss = functional.ctc_loss(
                scores[left:right, None], torch.tensor([kept]), torch.tensor([right - left]),
                torch.tensor([len(kept)]), reduction="sum",
            )
            words.append(("".join(ALPHABET[c - 1] for c in kept), float(torch.exp(-loss))))
        left = right + 1
    return words


def in_common(read, true):
    """Which of the words read are right: their places."""
    matcher = difflib.SequenceMatcher(None, read, true, autojunk=False)
    blocks = matcher.get_matching_blocks()
    return {at for block in blocks for at in range(block.a, block.a + block.size)}


def table(judged):
    """Steps of equally many words, made to rise by joining those that fall (pool adjacent
    violators)."""
    judged = sorted(judged)
    size = max(FEWEST_WORDS, -(-len(judged) // STEPS))
    steps = []
    for start in range(0, len(judged), size):
        part = np.array(judged[start : start + size], float)
        steps.append([part[:, 0].sum(), part[:, 1].sum(), len(part)])
        while len(steps) > 1 and steps[-2][1] / steps[-2][2] >= steps[-1][1] / steps[-1][2]:
            last = steps.pop()
            steps[-1] = [a + b for a, b in zip(steps[-1], last)]
    points = [[round(p / n, 5), round(right / n, 5)] for p, right, n in steps]
    # Two may have become equal by rounding.
    return [a for a, b in zip(points, points[1:] + [[2, 2]]) if a[0] < b[0]]


def toml(facts):
    """Keys and plain values; JSON's grammar of these is TOML's too."""
    return "".join(
        f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in facts.items()
    )


def main():
    options = arguments()
    torch.set_num_threads(1)
    saved = torch.load(options.checkpoint, map_location="cpu")
    net = Net()
    net.load_state_dict(saved["net"])
    valid = Folder(options.valid, 1)
    valid.look()
    model = exported(net)
    reader = Judge(model)
    figures = judge(reader.texts, valid, options.lines)
    judged = reader.words(valid, options.lines)

    weights = model.SerializeToString()
    (options.out / "fax.onnx").write_bytes(weights)
    card = "# Written by train/export.py together with fax.onnx; fax.md says what it means.\n"
    card += toml({
        "file": "fax.onnx",
        "sha256": hashlib.sha256(weights).hexdigest(),
        "bytes": len(weights),
        "alphabet": ALPHABET,
        "height": HEIGHT,
        "step": STEP,
        "width_multiple": WIDTH_MULTIPLE,
        "calibration": table(judged),
    })
    card += "\n[figures]\n" + toml({
        "parameters": sum(p.numel() for p in net.parameters()),
        "training lines seen": saved["lines"],
        "training minutes": round(saved["seconds"] / 60, 1),
        "validation lines": figures.pop("lines"),
        "words right": round(100 * sum(right for _, right in judged) / max(1, len(judged)), 2),
        **{key: value for key, value in figures.items() if key != "cer"},
    })
    card += "\n[figures.\"character errors in a hundred\"]\n" + toml(figures["cer"])
    (options.out / "fax.toml").write_text(card)
    print(card)


if __name__ == "__main__":
    main()
