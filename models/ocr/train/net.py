"""The net that reads one line: pixels of a strip in, a character or nothing for every column out.

Shapes, with N strips in a batch, W pixels wide (a multiple of 12), C classes:

    strips   float32 [N, 1, 32, W]   0 is paper, 1 is ink
    scores   float32 [N, W / 3, C]   logarithms of probabilities; class 0 is "no character"

Convolutions bring 32 rows to 1 and three pixels to one column: a quarter of a usual letter, and
letters narrower than two columns cannot be told apart by CTC. Most of the work is done after the
picture has shrunk, since time in the first layers goes with the number of pixels. What is left is
a row of vectors; a recurrent layer in both directions lets the surroundings of a damaged letter
have their say.
"""

import torch
from torch import nn

# What can be read, in the order of the classes from 1 on.
ALPHABET = "".join(map(chr, range(32, 127))) + "§°•–—‘’“”½¼¾±×®™☐☒"
# Rows of a strip.
HEIGHT = 32
# Pixels to one column of scores.
STEP = 3
# Widths are padded to a multiple of this.
WIDTH_MULTIPLE = 12


def convolution(inputs, outputs, kernel, stride=(1, 1), padding=None, groups=1):
    """A convolution with its normalisation, which is folded into it for inference."""
    if padding is None:
        padding = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    )


class Correction(nn.Module):
    """Looks around itself and corrects what it is given."""

    def __init__(self, channels, kernel=(3, 3), groups=1):
        super().__init__()
        self.around = convolution(channels, channels, kernel, groups=groups)

    def forward(self, x):
        return torch.relu(x + self.around(x))


class Net(nn.Module):
    """See the head of this file. `widths` are the channels after each shrinking."""

    def __init__(self, widths=(24, 48, 80, 160), hidden=128):
        super().__init__()
        a, b, c, d = widths
        self.widths, self.hidden = widths, hidden
        self.eyes = nn.Sequential(
            convolution(1, a, (3, 3), stride=(2, 1)), nn.ReLU(),  # 16 rows
            convolution(a, b, (3, 3), stride=(2, STEP), padding=(1, 0)), nn.ReLU(),  # 8 rows
            Correction(b),
            Correction(b),
            convolution(b, c, (3, 3), stride=(2, 1)), nn.ReLU(),  # 4 rows
            Correction(c),
            convolution(c, d, (4, 3), padding=(0, 1)), nn.ReLU(),  # 1 row
            # Four columns to either side, one channel at a time.
            Correction(d, (1, 9), groups=d),
            Correction(d, (1, 9), groups=d),
        )
        self.memory = nn.LSTM(d, hidden, bidirectional=True, batch_first=True)
        self.classes = nn.Linear(2 * hidden, len(ALPHABET) + 1)

    def forward(self, strips):
        row = self.eyes(strips).squeeze(2).transpose(1, 2)
        remembered, _ = self.memory(row)
        return self.classes(remembered).float().log_softmax(-1)


def best_path(scores):
    """The text of each strip: the best class of each column, repeats and blanks dropped."""
    texts = []
    for path in scores.argmax(-1).tolist():
        kept = [c for c, before in zip(path, [0] + path[:-1]) if c and c != before]
        texts.append("".join(ALPHABET[c - 1] for c in kept))
    return texts
