"""The tests that the onnx package ships, as cases of rows.

A test is adapted where that keeps its meaning: inputs other than rows become numbers of the file, and inputs of more than
two dimensions become rows of the last one. An adapted model counts only if another tool finds the shipped outputs with it,
and if each row has the same output in whatever other rows it stands.
"""

import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import onnx.backend.test
from onnx import numpy_helper

from asking import SHIPPED, Case, by_reference, by_runtime, model_of

DATA = Path(onnx.backend.test.__file__).parent / "data"
FOLDERS = ("node", "pytorch-operator", "pytorch-converted", "simple")
# Larger tests take long in other tools, and are of images.
MOST_NUMBERS = 20_000
SOFTMAXES = ("Softmax", "LogSoftmax")


@dataclass
class Test:
    name: str
    model: onnx.ModelProto
    # Arrays by their names.
    inputs: dict
    outputs: dict

    @property
    def operator(self):
        """The operator that is tested, of one whose model is written out in others the name of the test."""
        nodes = self.model.graph.node
        return nodes[0].op_type if len(nodes) == 1 else "several operators"


@dataclass
class Adapted:
    model: onnx.ModelProto
    rows: dict
    known: dict
    outputs: dict


# ---- reading ----


def tensors(folder, kind):
    paths = sorted(folder.glob(f"{kind}_*.pb"), key=lambda path: int(path.stem.split("_")[1]))
    return [numpy_helper.to_array(onnx.load_tensor(path)) for path in paths]


def read(folder):
    """A test, or nothing where its inputs and outputs are no tensors."""
    model = onnx.load(folder / "model.onnx")
    graph = model.graph
    if any(value.type.WhichOneof("value") != "tensor_type" for value in [*graph.input, *graph.output]):
        return None
    own = {tensor.name for tensor in graph.initializer}
    given = [value.name for value in graph.input]
    inputs, outputs = tensors(folder / "test_data_set_0", "input"), tensors(folder / "test_data_set_0", "output")
    if len(inputs) != len(given):
        given = [name for name in given if name not in own]
    if len(inputs) != len(given) or len(outputs) != len(graph.output) or not inputs:
        return None
    return Test(folder.name, model, dict(zip(given, inputs)), dict(zip([value.name for value in graph.output], outputs)))


def folders():
    return [folder for name in FOLDERS for folder in sorted((DATA / name).glob("test_*"))]


# ---- ways to adapt ----


def as_it_is(test):
    """All inputs are rows, of one dimension or two."""
    rows = len_of_first(test)
    if all(array.ndim in (1, 2) and len(array) == rows for array in test.inputs.values()):
        yield Adapted(test.model, test.inputs, {}, test.outputs)


def matrices(test):
    """Inputs of two dimensions are rows, others are numbers of the file."""
    rows = len_of_first(test)
    live = {name: array for name, array in test.inputs.items() if array.ndim == 2 and len(array) == rows}
    yield Adapted(test.model, live, others(test, live), test.outputs)


def the_first(test):
    """The first input is rows, others are numbers of the file."""
    name, array = next(iter(test.inputs.items()))
    if array.ndim in (1, 2):
        yield Adapted(test.model, {name: array}, others(test, [name]), test.outputs)


def flattened(test):
    """Inputs that are as large as all are rows of the last dimension, or of one number."""
    try:
        whole = np.broadcast_shapes(*[array.shape for array in test.inputs.values()])
    except ValueError:
        return
    if len(whole) in (0, 2):
        return
    last = whole[-1] if len(whole) > 1 else 1
    live = {}
    for name, array in test.inputs.items():
        if array.shape == whole or array.ndim > 1:
            live[name] = np.broadcast_to(array, whole).reshape(-1, last)
    rows = int(np.prod(whole)) // max(last, 1)
    if rows and live:
        yield Adapted(test.model, live, others(test, live), of_rows(test.outputs, rows))


def along_the_last(test):
    """What is done along the last dimension of three or more is done along the second of two."""
    first = next(iter(test.inputs.values()))
    rank, lead = first.ndim, first.shape[:-1]
    rows = int(np.prod(lead))
    if rank < 3 or not rows:
        return
    live = {name: array.reshape(rows, -1) for name, array in test.inputs.items() if array.shape[:-1] == lead}
    known = others(test, live)
    for name, array in known.items():
        if array.dtype.kind == "i" and array.size == 1 and array.ravel()[0] in (-1, rank - 1):
            known[name] = np.full_like(array, 1)
    yield Adapted(with_axis(test.model, rank), live, known, of_rows(test.outputs, rows))


def channels_last(test):
    """Dimension 1 becomes the last, as that of the channels of images."""
    first = next(iter(test.inputs.values()))
    if first.ndim < 3 or first.size == 0:
        return
    rows = first.size // first.shape[1]

    def moved(array):
        return np.moveaxis(array, 1, -1).reshape(rows, -1)

    live = {name: moved(array) for name, array in test.inputs.items() if array.shape == first.shape}
    known = {name: array.ravel() for name, array in others(test, live).items()}
    model = onnx.ModelProto()
    model.CopyFrom(test.model)
    # Slopes of channels, in the file as [channels, 1, 1], stand beside rows as [channels].
    for tensor in model.graph.initializer:
        tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).ravel(), tensor.name))
    outputs = {name: moved(array) for name, array in test.outputs.items() if array.shape == first.shape}
    yield Adapted(model, live, known, outputs)


WAYS = (as_it_is, matrices, the_first, flattened, along_the_last, channels_last)


def len_of_first(test):
    first = next(iter(test.inputs.values()))
    return len(first) if first.ndim else 0


def others(test, live):
    return {name: array for name, array in test.inputs.items() if name not in live}


def of_rows(outputs, rows):
    return {name: array.reshape(rows, -1) for name, array in outputs.items() if array.size and array.size % rows == 0}


def with_axis(model, rank):
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    for node in changed.graph.node:
        for attribute in node.attribute:
            if attribute.name == "axis" and attribute.i in (-1, rank - 1):
                attribute.i = 1
            if attribute.name == "axes" and list(attribute.ints) in ([-1], [rank - 1]):
                attribute.ints[:] = [1]
    return changed


# ---- cases ----


def model_for(adapted, output, dtype):
    """The model with one output, and with numbers of the file for what is no row."""
    nodes = []
    for node in adapted.model.graph.node:
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        # Outputs such as a mask, which nothing asks for, are left out.
        while copy.op_type != "Split" and len(copy.output) > 1 and copy.output[-1] != output:
            if any(copy.output[-1] in other.input for other in adapted.model.graph.node):
                break
            copy.output.pop()
        nodes.append(copy)
    known = [numpy_helper.from_array(array, name) for name, array in adapted.known.items()]
    given = {*adapted.rows, *adapted.known}
    own = [tensor for tensor in adapted.model.graph.initializer if tensor.name not in given]
    return model_of(nodes, adapted.rows, [(output, dtype)], [*own, *known], adapted.model.opset_import, 8)


def evaluated(model, inputs):
    """The output of onnx.reference, or of onnxruntime where the reference cannot run the model."""
    for ask in (by_reference, by_runtime):
        try:
            return np.asarray(ask(model, inputs)[0])
        except Exception:  # Both raise errors of many kinds.
            continue
    return None


def same(found, expected, rows):
    if found is None or found.size != expected.size or len(found) != rows:
        return False
    found, expected = found.reshape(rows, -1), expected.reshape(rows, -1)
    if found.dtype.kind in "OUS" or expected.dtype.kind in "OUS":
        return found.astype(str).tolist() == expected.astype(str).tolist()
    return np.allclose(found.astype(float), expected.astype(float), rtol=1e-3, atol=1e-6, equal_nan=True)


def is_of_rows(model, adapted, expected):
    """Whether others find the output of each row, also among the same rows turned around."""
    rows = len(next(iter(adapted.rows.values())))
    if rows == 0 or expected.size == 0 or expected.ndim == 0 or len(expected) != rows:
        return False
    if not same(evaluated(model, adapted.rows), expected, rows):
        return False
    twice = {name: np.concatenate([array, array[::-1]]) for name, array in adapted.rows.items()}
    return same(evaluated(model, twice), np.concatenate([expected, expected[::-1]]), 2 * rows)


def exact(model):
    """Numbers that are moved or compared, and trees, have no error."""
    return all(
        node.op_type
        in (
            "Gather",
            "Split",
            "Concat",
            "Slice",
            "TreeEnsemble",
            "Max",
            "Min",
            "Identity",
            "Relu",
            "Clip",
            "ArgMax",
            "ArgMin",
            "Less",
            "Greater",
            "Equal",
            "Where",
        )
        for node in model.graph.node
    )


def cases_of(test):
    """The cases of a test, one for each output; none where it is not of rows."""
    for output in test.outputs:
        for adapted in (adapted for way in WAYS for adapted in way(test)):
            expected = adapted.outputs.get(output)
            if expected is None or not adapted.rows:
                continue
            model = model_for(adapted, output, expected.dtype)
            if not is_of_rows(model, adapted, expected):
                continue
            # An output of texts is compared by no number.
            numbers = expected if expected.dtype.kind not in "OUS" else np.full(expected.shape, np.nan)
            tolerance = {"rtol": 0, "atol": 0} if exact(model) else {}
            name = test.name if len(test.outputs) == 1 else f"{test.name} {output}"
            yield Case(name, test.operator, model, adapted.rows, {SHIPPED: numbers}, **tolerance)
            if test.operator in SOFTMAXES and expected.ndim == 2 and expected.shape[1] > 1:
                shares = np.exp(expected) if test.operator == "LogSoftmax" else expected
                yield Case(
                    f"{name} as classes",
                    test.operator,
                    model,
                    adapted.rows,
                    {SHIPPED: shares},
                    classes=tuple(str(k) for k in range(expected.shape[1])),
                )
            break


def all_tests():
    """Each folder with its test, or with nothing where it is too large or has no tensors."""
    warnings.simplefilter("ignore")
    for folder in folders():
        try:
            test = read(folder)
        except Exception:  # Files of types that this version cannot load.
            test = None
        if test and sum(array.size for array in [*test.inputs.values(), *test.outputs.values()]) > MOST_NUMBERS:
            test = None
        yield folder, test
