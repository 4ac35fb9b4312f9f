"""Makes the net that tests of the service read with: nothing in it is learnt, so that what must
come out is known. Ink in the upper rows is an `a`, in the lower rows a `b`, in the middle a blank.

    python tiny.py ../../../src/recognize/fax/tests/tiny.onnx
"""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HEIGHT, STEP = 32, 3
# Rows of each class: none, blank, a, b.
ROWS = [None, slice(14, 18), slice(0, 12), slice(20, 32)]
# Without ink none is as far ahead of the others as they of it with ink all over their rows.
AHEAD = 8.0

weights = np.zeros((len(ROWS), 1, HEIGHT, STEP), np.float32)
for kernel, rows in zip(weights, ROWS):
    if rows:
        kernel[0, rows] = 2 * AHEAD / ((rows.stop - rows.start) * STEP)
bias = np.array([AHEAD] + [0] * (len(ROWS) - 1), np.float32)

# The runtime wants every attribute of a convolution said.
graph = helper.make_graph(
    [
        helper.make_node("Conv", ["strips", "weights", "bias"], ["image"], strides=[HEIGHT, STEP],
                         dilations=[1, 1], pads=[0, 0, 0, 0]),
        helper.make_node("Squeeze", ["image", "rows"], ["row"]),
        helper.make_node("Transpose", ["row"], ["columns"], perm=[0, 2, 1]),
        helper.make_node("LogSoftmax", ["columns"], ["scores"], axis=-1),
    ],
    "tiny",
    [helper.make_tensor_value_info("strips", TensorProto.FLOAT, ["N", 1, HEIGHT, "W"])],
    [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["N", "T", len(ROWS)])],
    [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(bias, "bias"),
        numpy_helper.from_array(np.array([2]), "rows"),
    ],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, sys.argv[1])
