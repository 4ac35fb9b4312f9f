"""Training lines: shards read from a folder, put together to batches, roughened a little.

A shard is a file `NAME.lines`: the 8 bytes `INTAKEL1`, then records until the end, little endian:

    u16 width | u8 channel | u8 level | u8 font | u8 flags | u16 text_bytes | text | pixels

The text is UTF-8. Pixels are 32 rows of `width`, row by row, 4 bits each (0 paper … 15 ink), two
to a byte, low nibble first, each row padded to a whole byte.
"""

import itertools
import mmap
import random
import struct
from collections import defaultdict, namedtuple
from pathlib import Path

import numpy as np
import torch

from net import ALPHABET, HEIGHT, STEP, WIDTH_MULTIPLE

MAGIC = b"INTAKEL1"
HEAD = struct.Struct("<HBBBBH")
CLASS_OF = {character: index + 1 for index, character in enumerate(ALPHABET)}

# Of a record's flags.
HAS_DIGIT = 4
KEPT_OUT_FONT = 8
# Of a record's level: 204 × 98 dots to the inch instead of 204 × 196.
STANDARD = 16
# Widths of training batches are multiples of this, in pixels.
SHAPES = 4 * WIDTH_MULTIPLE
# Lines drawn between two looks for new shards.
LOOK_EVERY = 5000
LEVELS = ["clean", "light", "medium", "heavy"]

Line = namedtuple("Line", "pixels text level font flags")
Batch = namedtuple("Batch", "strips targets lengths lines")


def level_name(level):
    return LEVELS[level & 3] + (" S" if level & STANDARD else " F")


class Shard:
    """One file, mapped, not read. A record cut short at its end is left out: the file may still
    be growing."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self.bytes[: len(MAGIC)] != MAGIC:
            raise ValueError(f"{path} is no shard")
        # Where each readable record begins, and how wide it is.
        self.offsets, self.widths, self.left_out = [], [], 0
        at = len(MAGIC)
        while at + HEAD.size <= len(self.bytes):
            width, _, _, _, _, text_bytes = HEAD.unpack_from(self.bytes, at)
            text_at = at + HEAD.size
            end = text_at + text_bytes + HEIGHT * ((width + 1) // 2)
            if end > len(self.bytes):
                break
            if readable(self.bytes[text_at : text_at + text_bytes].decode(), width):
                self.offsets.append(at)
                self.widths.append(width)
            else:
                self.left_out += 1
            at = end

    def __len__(self):
        return len(self.offsets)

    def line(self, index):
        """The record at `index`; pixels float32 [32, width], 0 paper to 1 ink."""
        at = self.offsets[index]
        width, _, level, font, flags, text_bytes = HEAD.unpack_from(self.bytes, at)
        at += HEAD.size
        text = self.bytes[at : at + text_bytes].decode()
        stride = (width + 1) // 2
        packed = np.frombuffer(self.bytes, np.uint8, HEIGHT * stride, at + text_bytes)
        packed = packed.reshape(HEIGHT, stride)
        pixels = np.empty((HEIGHT, stride * 2), np.float32)
        pixels[:, 0::2] = packed & 15
        pixels[:, 1::2] = packed >> 4
        return Line(pixels[:, :width] / 15, text, level, font, flags)


def readable(text, width):
    """Whether all characters are in the alphabet, and there is a column for each and one more
    between equal neighbours."""
    if width == 0 or any(c not in CLASS_OF for c in text):
        return False
    doubled = sum(a == b for a, b in zip(text, text[1:]))
    return len(text) + doubled <= width // STEP


class Folder:
    """All shards of a folder, those too that arrive while the training runs. Every line is drawn
    once before any is drawn again."""

    def __init__(self, path, seed):
        self.path, self.random = Path(path), random.Random(seed)
        self.shards, self.deck = {}, []

    def __len__(self):
        return sum(map(len, self.shards.values()))

    def look(self):
        """Takes up new shards; says how many."""
        new = [p for p in sorted(self.path.glob("*.lines")) if p not in self.shards]
        for path in new:
            self.shards[path] = Shard(path)
            self.deck += [(path, index) for index in range(len(self.shards[path]))]
        if new:
            self.random.shuffle(self.deck)
        return len(new)

    def draw(self):
        """A line at random, as its shard and its index there."""
        if not self.deck:
            self.deck = [(p, i) for p, shard in self.shards.items() for i in range(len(shard))]
            self.random.shuffle(self.deck)
        path, index = self.deck.pop()
        return self.shards[path], index

    def batches(self, pixels):
        """Without end: batches of about `pixels` columns of pixels in all, of strips of like
        width. There are few shapes, since the fastest kernels are made anew for each."""
        waiting = defaultdict(list)
        for drawn in itertools.count():
            if drawn % LOOK_EVERY == 0:
                self.look()
            shard, index = self.draw()
            line = roughen(shard.line(index), self.random)
            width = padded(line.pixels.shape[1], SHAPES)
            waiting[width].append(line)
            if len(waiting[width]) >= max(1, pixels // width):
                yield collate(waiting.pop(width), width)


def by_width(records, pixels):
    """Groups of records of like width, of at most `pixels` columns in all when padded."""
    group = []
    for shard, index in sorted(records, key=lambda r: r[0].widths[r[1]]):
        if group and padded(shard.widths[index]) * (len(group) + 1) > pixels:
            yield group
            group = []
        group.append((shard, index))
    if group:
        yield group


def padded(width, multiple=WIDTH_MULTIPLE):
    return -(-width // multiple) * multiple


def collate(lines, width):
    """Strips [N, 1, 32, width] on paper, and their classes one after the other as CTC wants
    them."""
    strips = np.zeros((len(lines), 1, HEIGHT, width), np.float32)
    for strip, line in zip(strips, lines):
        strip[0, :, : line.pixels.shape[1]] = line.pixels
    targets = [CLASS_OF[c] for line in lines for c in line.text]
    lengths = torch.tensor([len(line.text) for line in lines])
    return Batch(torch.from_numpy(strips), torch.tensor(targets), lengths, lines)


def roughen(line, chance):
    """What differs from strip to strip in ways too small for the drawing of lines to bother: a
    little higher, taller, wider, paler, with small holes. Ink stays ink."""
    pixels = stretch_rows(line.pixels, chance.uniform(0.92, 1.08), chance.uniform(-1.5, 1.5))
    if chance.random() < 0.5 and len(line.text) * 4 * STEP < pixels.shape[1]:
        pixels = stretch_columns(pixels, chance.uniform(0.88, 1.12))
    if chance.random() < 0.5:
        pixels = np.clip(pixels * chance.uniform(0.7, 1.3), 0, 1)
    if chance.random() < 0.3:
        pixels = pixels.copy()
        for _ in range(chance.randint(1, 3)):
            row, column = chance.randrange(HEIGHT), chance.randrange(pixels.shape[1])
            pixels[row : row + chance.randint(1, 4), column : column + chance.randint(1, 6)] = 0
    return line._replace(pixels=np.ascontiguousarray(pixels, np.float32))


def stretch_rows(pixels, factor, shift):
    """Taller by `factor` about the middle and lower by `shift` rows; paper comes in."""
    middle = (HEIGHT - 1) / 2
    source = (np.arange(HEIGHT) - middle - shift) / factor + middle
    weights = np.maximum(0, 1 - np.abs(source[:, None] - np.arange(HEIGHT)[None, :]))
    return weights.astype(np.float32) @ pixels


def stretch_columns(pixels, factor):
    """Wider by `factor`."""
    width = pixels.shape[1]
    source = np.linspace(0, width - 1, max(2, round(width * factor)))
    left = np.minimum(source.astype(np.int64), max(width - 2, 0))
    share = (source - left).astype(np.float32)
    return pixels[:, left] * (1 - share) + pixels[:, np.minimum(left + 1, width - 1)] * share
