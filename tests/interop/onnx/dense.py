"""Graphs of ai.onnx whose answers onnx.reference and onnxruntime give: what exporters write around the operators of a model."""

import numpy as np
from onnx import helper, numpy_helper

from written import table, with_gaps

LARGEST = 9_223_372_036_854_775_807


def node(operator, inputs, outputs, **attributes):
    return helper.make_node(operator, inputs.split(), outputs.split(), **attributes)


def tensor(name, values, dtype=np.float32):
    return numpy_helper.from_array(np.array(values, dtype), name)


class Graphs:
    """Graphs with the input x and the output y."""

    def __init__(self, cases):
        self.cases = cases

    def add(self, name, operator, nodes, x, tensors=(), exact=False, opset=17, dtype=np.float32):
        opsets = [helper.make_opsetid("", opset)]
        self.cases.numbers(f"{operator}, {name}", operator, nodes, {"x": x}, exact, opsets, list(tensors), dtype)


def of_shapes(graphs):
    x, one = table(100, 6, 4), table(101, 6, 1)
    whole = np.int64

    def places(name, *values):
        return tensor(name, values, whole)

    for name, start, end, axis, step in (
        ("to the end", 2, LARGEST, 1, 1),
        ("to the largest of 32 bits", 1, 2**31 - 1, 1, 1),
        ("from the end", -2, LARGEST, 1, 1),
        ("before the end", 0, -1, -1, 1),
        ("every second", 0, 4, 1, 2),
        ("backwards", 3, -LARGEST, 1, -1),
        ("of rows", 1, 3, 0, 1),
    ):
        graphs.add(
            name,
            "Slice",
            [node("Slice", "x starts ends axes steps", "y")],
            x,
            [places("starts", start), places("ends", end), places("axes", axis), places("steps", step)],
            exact=True,
        )
    graphs.add(
        "all rows and some columns",
        "Slice",
        [node("Slice", "x starts ends", "y")],
        x,
        [places("starts", 0, 1), places("ends", LARGEST, 3)],
        exact=True,
    )
    counted = [
        node("Shape", "x", "shape"),
        node("Gather", "shape first", "rows", axis=0),
        node("Unsqueeze", "rows zero", "row"),
        node("Concat", "row rest", "asked", axis=0),
        node("Reshape", "x asked", "y"),
    ]
    for rest in ([-1], [4], [4, 1]):
        graphs.add(
            f"to as many rows, and {rest}",
            "Reshape",
            counted,
            x,
            [tensor("first", 0, whole), places("zero", 0), places("rest", *rest)],
            exact=True,
        )
    for asked in ([0, -1], [-1, 4], [0, 4], [0, 0], [-1, 0]):
        graphs.add(f"to {asked}", "Reshape", [node("Reshape", "x asked", "y")], x, [places("asked", *asked)], exact=True)
    for asked in ([-1, 1], [-1]):
        graphs.add(
            f"of one column to {asked}", "Reshape", [node("Reshape", "x asked", "y")], one, [places("asked", *asked)], exact=True
        )
    for asked in ([-1, 2], [-1], [2, -1]):
        graphs.add(f"of rows to {asked}", "Reshape", [node("Reshape", "x asked", "y")], x, [places("asked", *asked)], exact=True)
    graphs.add(
        "part of it",
        "Shape",
        [node("Shape", "x", "shape", start=1), node("Cast", "shape", "width", to=1), node("Mul", "x width", "y")],
        x,
    )
    graphs.add(
        "the number of rows",
        "Shape",
        [node("Shape", "x", "shape", end=1), node("Cast", "shape", "rows", to=1), node("Mul", "x rows", "y")],
        x,
    )
    graphs.add(
        "and back",
        "Squeeze",
        [node("Squeeze", "x axes", "flat"), node("Mul", "flat two", "twice"), node("Unsqueeze", "twice axes", "y")],
        one,
        [places("axes", 1), tensor("two", 2.0)],
        exact=True,
    )
    graphs.add("twice", "Transpose", [node("Transpose", "x", "turned"), node("Transpose", "turned", "y")], x, exact=True)
    graphs.add("to other rows", "Transpose", [node("Transpose", "x", "y")], table(102, 4, 4), exact=True)
    for axis in (0, 1, -1, 2):
        graphs.add(f"axis {axis}", "Flatten", [node("Flatten", "x", "y", axis=axis)], x, exact=True)
    for shape in ([2], [1], [1, 2], [2, 1]):
        picked = [places("at", 3, 0)] if shape != [1] else [places("at", 2)]
        picked = [numpy_helper.from_array(numpy_helper.to_array(picked[0]).reshape(shape), "at")]
        graphs.add(f"places of {shape}", "Gather", [node("Gather", "x at", "y", axis=1)], x, picked, exact=True)
    graphs.add("one place", "Gather", [node("Gather", "x at", "y", axis=1)], x, [tensor("at", -1, whole)], exact=True)
    graphs.add(
        "of a table",
        "Gather",
        [node("Gather", "table x", "y")],
        np.array([2, 0, 1, 2, 1, 0]),
        [tensor("table", [0.5, -1.5, 2.5])],
        exact=True,
    )


def of_arithmetic(graphs):
    x, one = table(110, 8, 3), table(111, 8, 1)
    edges = np.array([[-100.0], [-2.5], [-1.5], [-0.5], [0.0], [0.5], [1.5], [2.5], [100.0]], np.float32)
    each, row = tensor("c", [0.5, -1.5, 2.0]), tensor("c", [[0.5, -1.5, 2.0]])
    for operator in ("Add", "Sub", "Mul", "Div", "Max", "Min"):
        for name, known in (
            ("a number", tensor("c", 0.3)),
            ("one number", tensor("c", [0.3])),
            ("numbers", each),
            ("a row", row),
        ):
            graphs.add(f"{name} behind", operator, [node(operator, "x c", "y")], x, [known])
            graphs.add(f"{name} before", operator, [node(operator, "c x", "y")], x, [known])
        graphs.add("numbers beside one", operator, [node(operator, "x c", "y")], one, [each])
        graphs.add(
            "a column of the file",
            operator,
            [node(operator, "x c", "y")],
            table(112, 3, 3),
            [tensor("c", [[0.5], [-1.5], [2.0]])],
        )
    for operator in ("Less", "Greater", "LessOrEqual", "GreaterOrEqual", "Equal"):
        for order in ("x c", "c x"):
            nodes = [node(operator, order, "flag"), node("Cast", "flag", "y", to=1)]
            graphs.add(order, operator, nodes, edges, [tensor("c", 0.5)], exact=True)
    for operator, order in (("Pow", "x c"), ("Pow", "c x")):
        for power in (2.0, 3.0, 0.5, -1.0):
            graphs.add(
                f"{order} {power}",
                operator,
                [node(operator, order, "y")],
                x if order == "x c" and power in (2.0, 3.0) else np.abs(x) + np.float32(0.1),
                [tensor("c", power)],
            )
    graphs.add("of itself", "Pow", [node("Pow", "x x", "y")], np.abs(x) + np.float32(0.1))
    for power in (2, 3):
        graphs.add(f"a whole number {power}", "Pow", [node("Pow", "x c", "y")], x, [tensor("c", power, np.int64)])
    for operator in ("Round", "Ceil", "Floor", "Sign", "Abs", "Neg", "Relu"):
        graphs.add("edges", operator, [node(operator, "x", "y")], edges, exact=True)
    for operator in ("Sigmoid", "Tanh", "Softplus", "Softsign", "Erf", "Elu", "Selu", "HardSigmoid", "Mish"):
        opset = 18 if operator == "Mish" else 17
        graphs.add("edges", operator, [node(operator, "x", "y")], edges, opset=opset)
    graphs.add(
        "by hand",
        "Sigmoid",
        [node("Neg", "x", "n"), node("Exp", "n", "e"), node("Add", "e one", "s"), node("Reciprocal", "s", "y")],
        edges,
        [tensor("one", 1.0)],
    )
    graphs.add(
        "of 0, and a bound",
        "Log",
        [node("Abs", "x", "a"), node("Log", "a", "l"), node("Max", "l c", "y")],
        edges,
        [tensor("c", -5.0)],
    )
    graphs.add(
        "bounds that cross",
        "Clip",
        [node("Clip", "x low high", "y")],
        edges,
        [tensor("low", 1.0), tensor("high", -1.0)],
        exact=True,
    )
    graphs.add("one bound", "Clip", [node("Clip", "x low", "y")], edges, [tensor("low", -1.0)], exact=True)
    for to, dtype in ((7, np.int64), (6, np.int32), (9, bool), (11, np.float64), (1, np.float32)):
        graphs.add(f"to type {to}", "Cast", [node("Cast", "x", "y", to=to)], edges, exact=True, dtype=dtype)
    graphs.add("of whole numbers", "Cast", [node("Cast", "x", "y", to=1)], np.array([[1], [16_777_217], [-3]]), exact=True)
    graphs.add("to numbers of 32 bits", "Cast", [node("Cast", "x", "y", to=1)], table(113, 5, 2, np.float64) + 1e-9, exact=True)
    graphs.add(
        "through whole numbers of 8 bits",
        "Cast",
        [node("Cast", "x", "small", to=2), node("Cast", "small", "y", to=1)],
        np.array([[1], [255], [256], [300], [-1]]),
        exact=True,
    )
    wholes = np.array([[200, 100], [3, 250]], np.uint8)
    for operator in ("Add", "Sub", "Mul"):
        graphs.add(
            "beyond 8 bits",
            operator,
            [node(operator, "x c", "y")],
            wholes,
            [tensor("c", 100, np.uint8)],
            exact=True,
            dtype=np.uint8,
        )
    graphs.add(
        "of whole numbers",
        "Div",
        [node("Div", "x c", "y")],
        np.array([[7], [-7], [8]]),
        [tensor("c", 2, np.int64)],
        exact=True,
        dtype=np.int64,
    )
    graphs.add("three", "Sum", [node("Sum", "x c x", "y")], x, [each])
    graphs.add("three", "Mean", [node("Mean", "x c x", "y")], x, [each])
    graphs.add(
        "by a flag",
        "Where",
        [node("Less", "x c", "flag"), node("Where", "flag x other", "y")],
        x,
        [each, tensor("other", 0.25)],
        exact=True,
    )


def of_missing(graphs):
    x = with_gaps(table(120, 9, 3))
    c = tensor("c", 0.5)
    filled = [node("IsNaN", "x", "gap"), node("Where", "gap c x", "filled")]
    graphs.add("filled", "IsNaN", [*filled, node("ReduceSum", "filled axes", "y")], x, [c, tensor("axes", [1], np.int64)])
    for operator in ("Relu", "Sign", "Sigmoid", "LeakyRelu", "HardSigmoid", "Softplus"):
        graphs.add(
            "of a gap, and then filled",
            operator,
            [node(operator, "x", "a"), node("IsNaN", "a", "gap"), node("Where", "gap c a", "y")],
            x,
            [c],
        )
        graphs.add(
            "of a gap beside one that is filled",
            operator,
            [*filled, node(operator, "x", "a"), node("Add", "a filled", "y")],
            x,
            [c],
        )
    for operator in ("Max", "Min", "Less", "Greater", "Equal"):
        nodes = [node(operator, "x c", "a"), node("Cast", "a", "y", to=1), node("IsNaN", "x", "unused")]
        graphs.add("of a gap", operator, nodes, x, [c])
    graphs.add("of a gap", "Clip", [node("Clip", "x low c", "y"), node("IsNaN", "x", "unused")], x, [tensor("low", -0.5), c])
    for operator in ("ReduceMax", "ReduceMin", "ReduceMean"):
        graphs.add("of a gap", operator, [node(operator, "x", "y", axes=[1]), node("IsNaN", "x", "unused")], x)
    graphs.add("of a gap", "ArgMax", [node("ArgMax", "x", "y", axis=1), node("IsNaN", "x", "unused")], x, dtype=np.int64)


def of_layers(graphs):
    x, one = table(130, 8, 4), table(131, 8, 1)
    w = tensor("w", table(132, 4, 3))
    for name, settings, weights, bias in (
        ("plain", {}, w, tensor("b", [0.1, 0.2, 0.3])),
        ("a number", {}, w, tensor("b", 0.1)),
        ("one number", {}, w, tensor("b", [0.1])),
        ("a row", {}, w, tensor("b", [[0.1, 0.2, 0.3]])),
        ("factors", {"alpha": 0.5, "beta": -2.0}, w, tensor("b", [0.1, 0.2, 0.3])),
        ("turned", {"transB": 1}, tensor("w", table(133, 3, 4)), tensor("b", [0.1, 0.2, 0.3])),
    ):
        graphs.add(name, "Gemm", [node("Gemm", "x w b", "y", **settings)], x, [weights, bias])
    graphs.add("without bias", "Gemm", [node("Gemm", "x w", "y")], x, [w])
    graphs.add("a column", "MatMul", [node("MatMul", "x w", "y")], x, [tensor("w", [0.5, -1.0, 0.25, 2.0])])
    graphs.add(
        "a column and a number",
        "MatMul",
        [node("MatMul", "x w", "a"), node("Add", "a b", "y")],
        x,
        [tensor("w", [0.5, -1.0, 0.25, 2.0]), tensor("b", 0.5)],
    )
    graphs.add(
        "a column and numbers",
        "MatMul",
        [node("MatMul", "x w", "a"), node("Add", "a b", "y")],
        table(134, 3, 4),
        [tensor("w", [0.5, -1.0, 0.25, 2.0]), tensor("b", [0.5, 1.0, 1.5])],
    )
    for operator in ("Softmax", "LogSoftmax"):
        graphs.add("of one number", operator, [node(operator, "x", "y", axis=1)], one)
        graphs.add("of rows", operator, [node(operator, "x", "y", axis=0)], x)
    for operator in (
        "ReduceSum",
        "ReduceMean",
        "ReduceMax",
        "ReduceMin",
        "ReduceProd",
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceSumSquare",
    ):
        rows = np.abs(x) + np.float32(0.1)
        for keepdims in (0, 1):
            graphs.add(
                f"keepdims {keepdims}",
                operator,
                [node(operator, "x axes", "y", keepdims=keepdims)],
                rows,
                [tensor("axes", [1], np.int64)],
                opset=18,
            )
        graphs.add("without axes", operator, [node(operator, "x", "y", noop_with_empty_axes=1)], rows, opset=18)
        graphs.add("of rows", operator, [node(operator, "x axes", "y")], rows, [tensor("axes", [0], np.int64)], opset=18)
    graphs.add(
        "of large numbers",
        "ReduceLogSumExp",
        [node("ReduceLogSumExp", "x axes", "y")],
        x * 50,
        [tensor("axes", [1], np.int64)],
        opset=18,
    )
    ties = np.array([[1, 1, 0], [0, 2, 2], [3, 0, 3]], np.float32)
    for operator in ("ArgMax", "ArgMin"):
        for last in (0, 1):
            graphs.add(
                f"ties, last {last}",
                operator,
                [node(operator, "x", "y", axis=1, select_last_index=last)],
                ties,
                exact=True,
                dtype=np.int64,
            )
    for p in (1, 2):
        graphs.add(
            f"p {p}, a row of 0",
            "LpNormalization",
            [node("LpNormalization", "x", "y", p=p, axis=1)],
            np.vstack([x, np.zeros((1, 4), np.float32)]),
        )
    graphs.add(
        "without bias", "LayerNormalization", [node("LayerNormalization", "x s", "y")], x, [tensor("s", [1.0, 0.5, 2.0, -1.0])]
    )
    graphs.add(
        "equal numbers",
        "LayerNormalization",
        [node("LayerNormalization", "x s", "y")],
        np.ones((2, 4), np.float32),
        [tensor("s", [1.0, 0.5, 2.0, -1.0])],
    )
    numbers = [
        tensor(name, values)
        for name, values in (
            ("s", [1.0, 2.0, -1.0, 0.5]),
            ("b", [0.1, 0.2, 0.3, 0.4]),
            ("m", [0.0, 1.0, -1.0, 0.5]),
            ("v", [1.0, 0.25, 0.0, 4.0]),
        )
    ]
    graphs.add("a variance of 0", "BatchNormalization", [node("BatchNormalization", "x s b m v", "y")], x, numbers)
    for operator, settings in (
        ("LeakyRelu", {"alpha": -0.5}),
        ("Elu", {"alpha": 2.0}),
        ("Celu", {"alpha": 0.5}),
        ("Selu", {"alpha": 2.0, "gamma": 3.0}),
        ("ThresholdedRelu", {"alpha": -0.5}),
        ("Shrink", {"bias": 0.3, "lambd": 0.7}),
        ("HardSigmoid", {"alpha": 0.5, "beta": 0.6}),
    ):
        graphs.add("other settings", operator, [node(operator, "x", "y", **settings)], x)
    for slope in ([0.1], [[0.1, 0.2, -0.3, 0.0]], [0.1, 0.2, -0.3, 0.0]):
        graphs.add(f"slopes {slope}", "PRelu", [node("PRelu", "x c", "y")], x, [tensor("c", slope)])
    graphs.add(
        "parts",
        "Split",
        [node("Split", "x sizes", "a b", axis=1), node("Concat", "b a", "y", axis=1)],
        x,
        [tensor("sizes", [1, 3], np.int64)],
        exact=True,
    )
    graphs.add(
        "of a row and what is made of it", "Concat", [node("Neg", "x", "n"), node("Concat", "n x n", "y", axis=-1)], x, exact=True
    )


def add_all(cases):
    graphs = Graphs(cases)
    for make in (of_shapes, of_arithmetic, of_missing, of_layers):
        make(graphs)
