"""Trains the net on shards of lines; see README.md.

    python train.py --train shards/train --valid shards/valid --out run --minutes 60

The learning rate rises, then falls to zero when the time is over: time in which this ran, not
time of day, so that a run that was stopped goes on where it was when it is started again with the
same folder. `--start other/checkpoint.pt` begins with the weights of another run and a schedule of
its own.
"""

import argparse
import json
import math
import os
import time
from collections import defaultdict
from pathlib import Path

# Threads that wait for each other by spinning are slower than one where others use the processor.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import torch
from torch.nn import functional

from net import Net, best_path
from shards import HAS_DIGIT, Folder, by_width, collate, level_name, padded

# Share of the time in which the learning rate rises.
WARM_UP = 0.04
# Gradients longer than this are shortened: a strip that cannot be read must not undo the rest.
LONGEST_GRADIENT = 5.0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", required=True, help="folder of shards; may fill while this runs")
    parser.add_argument("--valid", required=True, help="folder of shards kept out of training")
    parser.add_argument("--out", required=True, type=Path, help="checkpoint and log go here")
    parser.add_argument("--minutes", type=float, default=60, help="of running, over all starts")
    parser.add_argument("--start", help="checkpoint whose weights a new run begins with")
    parser.add_argument("--rate", type=float, default=2e-3, help="highest learning rate")
    parser.add_argument("--pixels", type=int, default=6400, help="columns of pixels in a batch")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-every", type=float, default=3, help="minutes")
    parser.add_argument("--valid-lines", type=int, default=1200, help="of them at a time")
    return parser.parse_args()


def rate_at(progress):
    """Share of the highest learning rate, for progress from 0 to 1."""
    if progress < WARM_UP:
        return max(progress / WARM_UP, 0.01)
    return 0.5 * (1 + math.cos(math.pi * min(1, (progress - WARM_UP) / (1 - WARM_UP))))


def loss_of(net, batch, device):
    """CTC loss a character. Columns of padding count too: the net must say "nothing" there."""
    with torch.autocast(device, dtype=torch.bfloat16):
        scores = net(batch.strips.to(device, memory_format=torch.channels_last))
    columns = torch.full((len(batch.lines),), scores.shape[1])
    losses = functional.ctc_loss(
        scores.transpose(0, 1), batch.targets.to(device), columns, batch.lengths,
        reduction="none", zero_infinity=True,
    )
    # One is added for strips without text, of which the loss has to count too.
    return losses.sum() / (batch.lengths.sum() + len(batch.lines))


def distance(a, b):
    """Characters to insert, delete or replace to make one text of the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def judge(read, folder, count):
    """Character errors in a hundred, by level, over about `count` lines; `read` makes texts of
    strips."""
    records = [(shard, i) for shard in folder.shards.values() for i in range(len(shard))]
    records = records[:: max(1, len(records) // count)]
    wrong, total, digits = defaultdict(int), defaultdict(int), [0, 0]
    nothing = [0, 0]
    for group in by_width(records, 16384):
        widest = max(shard.widths[i] for shard, i in group)
        batch = collate([shard.line(i) for shard, i in group], padded(widest))
        for line, text in zip(batch.lines, read(batch.strips)):
            if not line.text:
                nothing[0] += text != ""
                nothing[1] += 1
                continue
            errors = distance(line.text, text) if text != line.text else 0
            for key in ["all", level_name(line.level)]:
                wrong[key] += errors
                total[key] += len(line.text)
            if line.flags & HAS_DIGIT:
                digits[0] += errors == 0
                digits[1] += 1
    return {
        "cer": {key: round(100 * wrong[key] / total[key], 3) for key in sorted(total)},
        "lines with digits, right": round(100 * digits[0] / max(1, digits[1]), 2),
        "strips without text, read": round(100 * nothing[0] / max(1, nothing[1]), 2),
        "lines": len(records),
    }


def reader(net, device):
    """For `judge`: the net itself, without gradients."""
    def read(strips):
        with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
            return best_path(net(strips.to(device, memory_format=torch.channels_last)))
    return read


class Run:
    """A training run and all that has to survive its being stopped."""

    def __init__(self, options):
        torch.manual_seed(options.seed)
        self.options = options
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.net = Net().to(self.device, memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(self.net.parameters(), options.rate, weight_decay=0.01)
        self.step = self.lines = self.starts = 0
        self.seconds = 0.0
        options.out.mkdir(parents=True, exist_ok=True)
        self.file = options.out / "checkpoint.pt"
        if self.file.exists():
            saved = torch.load(self.file, map_location=self.device)
            self.net.load_state_dict(saved["net"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.step, self.lines = saved["step"], saved["lines"]
            self.seconds, self.starts = saved["seconds"], saved["starts"] + 1
        elif options.start:
            self.net.load_state_dict(torch.load(options.start, map_location=self.device)["net"])

    def progress(self):
        return self.seconds / (60 * self.options.minutes)

    def log(self, **facts):
        facts = {"at": time.strftime("%H:%M:%S"), "step": self.step, "lines": self.lines,
                 "minutes": round(self.seconds / 60, 2), **facts}
        print(json.dumps(facts), flush=True)
        with open(self.options.out / "log.jsonl", "a") as file:
            file.write(json.dumps(facts) + "\n")

    def save(self):
        """Whole or not at all: the name changes only when everything is written."""
        parts = {"net": self.net.state_dict(), "optimizer": self.optimizer.state_dict(),
                 "step": self.step, "lines": self.lines, "seconds": self.seconds,
                 "starts": self.starts}
        torch.save(parts, self.file.with_suffix(".new"))
        self.file.with_suffix(".new").replace(self.file)

    def learn(self, batch):
        for group in self.optimizer.param_groups:
            group["lr"] = self.options.rate * rate_at(self.progress())
        loss = loss_of(self.net, batch, self.device)
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), LONGEST_GRADIENT)
        self.optimizer.step()
        self.step += 1
        self.lines += len(batch.lines)
        return loss.item()

    def validate(self, folder, lines):
        """Lines kept out may arrive late, too."""
        folder.look()
        if not len(folder):
            return
        self.net.eval()
        figures = judge(reader(self.net, self.device), folder, lines)
        self.net.train()
        self.log(**figures)

    def train(self, train, valid):
        began, first_lines, first_seconds = time.monotonic() - self.seconds, self.lines, self.seconds
        losses, next_save = [], self.seconds + 60
        for batch in train.batches(self.options.pixels):
            losses.append(self.learn(batch))
            self.seconds = time.monotonic() - began
            if self.step % 100 == 0:
                speed = (self.lines - first_lines) / (self.seconds - first_seconds)
                self.log(loss=round(sum(losses) / len(losses), 4), a_second=round(speed, 1),
                         shards=len(train.shards), of=len(train))
                losses.clear()
            if self.seconds >= next_save:
                next_save = self.seconds + 60 * self.options.save_every
                self.validate(valid, self.options.valid_lines)
                self.save()
            if self.progress() >= 1:
                break
        self.validate(valid, 10**9)
        self.save()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    run = Run(options)
    # Another start draws other lines than the first did.
    train = Folder(options.train, f"{options.seed} {run.starts}")
    valid = Folder(options.valid, options.seed)
    train.look()
    if not len(train):
        raise SystemExit("no lines to train with")
    left_out = sum(shard.left_out for shard in train.shards.values())
    run.log(started=vars(options) | {"out": str(options.out)}, left_out=left_out,
            parameters=sum(p.numel() for p in run.net.parameters()), torch=torch.__version__)
    run.train(train, valid)


if __name__ == "__main__":
    main()
