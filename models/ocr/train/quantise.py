"""Convolutions in whole numbers of 8 bits, as the runtime of the service (rten) computes them fast.

Weights have one scale a channel and 7 bits, since processors without VNNI overflow at 8. Inputs
have one scale, taken from real lines, and no zero point: all that comes into these convolutions is
ink or has gone through a ReLU, so it is never below 0, and zero padding stays zero. What comes
before the first convolution and what follows the last stays as it is; it takes little time.
"""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

# Share of an input's values that its scale covers; the few above are clipped.
COVERED = 0.9999
WEIGHT_LIMIT = 63
INPUT_LIMIT = 255


def session(model):
    """A model ready to run, in one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


def is_worth_it(node, weights):
    """Dense convolutions of more than one channel: those where the time goes."""
    return node.op_type == "Conv" and weights[node.input[1]].shape[1] > 1


def scales_of_inputs(model, names, batches):
    """For each of the named tensors the scale that covers nearly all its values."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    for name in names:
        watched.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    run = session(watched)
    tops = {name: [] for name in names}
    for strips in batches:
        for name, values in zip(names, run.run(names, {"strips": strips})):
            tops[name].append(np.quantile(values, COVERED))
    return {name: float(np.max(values)) / INPUT_LIMIT for name, values in tops.items()}


def quantised(model, batches, simulated=False):
    """The model with its dense convolutions in 8 bits; `batches` are strips as it will read.

    Simulated, the same roundings are done in floats, for runtimes without these operators.
    """
    weights = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
    chosen = [n for n in model.graph.node if is_worth_it(n, weights)]
    scales = scales_of_inputs(model, sorted({n.input[0] for n in chosen}), batches)
    result = onnx.ModelProto()
    result.CopyFrom(model)
    constants, nodes, ready = [], [], {}

    def constant(name, value):
        constants.append(numpy_helper.from_array(value, name))
        return name

    zero = constant("zero", np.array(0, np.uint8))
    for node in model.graph.node:
        if node not in chosen:
            nodes.append(node)
            continue
        source, weight, bias = node.input
        if source not in ready:
            scale = constant(f"{source}.scale", np.array(scales[source], np.float32))
            eight = f"{source}.eight"
            nodes.append(helper.make_node("QuantizeLinear", [source, scale, zero], [eight]))
            if simulated:
                floats = f"{source}.floats"
                nodes.append(helper.make_node("DequantizeLinear", [eight, scale, zero], [floats]))
                eight = floats
            ready[source] = eight
        kernel = weights[weight]
        largest = np.abs(kernel).max(axis=(1, 2, 3), keepdims=True)
        step = np.maximum(largest, 1e-8) / WEIGHT_LIMIT
        whole = np.round(kernel / step).astype(np.int8)
        settings = {a.name: helper.get_attribute_value(a) for a in node.attribute}
        if simulated:
            rounded = constant(f"{weight}.rounded", (whole * step).astype(np.float32))
            inputs = [ready[source], rounded, bias]
            nodes.append(helper.make_node("Conv", inputs, node.output, **settings))
            continue
        out = node.output[0]
        inputs = [ready[source], constant(f"{weight}.eight", whole), zero]
        unit = constant(f"{weight}.unit", (step * scales[source]).astype(np.float32).reshape(-1, 1, 1))
        level = constant(f"{bias}.level", weights[bias].reshape(-1, 1, 1))
        nodes += [
            helper.make_node("ConvInteger", inputs, [f"{out}.whole"], **settings),
            helper.make_node("Cast", [f"{out}.whole"], [f"{out}.cast"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{out}.cast", unit], [f"{out}.scaled"]),
            helper.make_node("Add", [f"{out}.scaled", level], [out]),
        ]
    del result.graph.node[:]
    result.graph.node.extend(nodes)
    result.graph.initializer.extend(constants)
    used = {name for node in nodes for name in node.input}
    kept = [tensor for tensor in result.graph.initializer if tensor.name in used]
    del result.graph.initializer[:]
    result.graph.initializer.extend(kept)
    onnx.checker.check_model(result)
    return result
