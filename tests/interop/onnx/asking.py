"""Asks tepal, onnx.reference and onnxruntime what a model predicts."""

import csv
import io
import subprocess
from dataclasses import dataclass, field

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

REFERENCE, RUNTIME, SHIPPED = "onnx.reference", "onnxruntime", "the onnx package"
# Of an output with more columns some are compared.
MOST_COLUMNS = 12
# The exit codes by which tepal refuses: wrong options, tables, models, fits and files.
REFUSALS = (2, 3, 4, 5, 6)


@dataclass
class Case:
    """A model with rows and what others say that it makes of them."""

    name: str
    operator: str
    # It has one output, or a label and scores.
    model: onnx.ModelProto
    inputs: dict
    # By whom: rows of numbers.
    expected: dict
    # By whom: the class of each row, where the model has an output for it.
    labels: dict = field(default_factory=dict)
    # The names of the classes whose probabilities the numbers are, in their order. There are none where numbers are predicted.
    classes: tuple = ()
    rtol: float = 1e-3
    atol: float = 1e-6


@dataclass
class Verdict:
    """What came of a case: right, refused, wrong or panicked."""

    word: str
    why: str = ""
    # Who agrees with tepal.
    agreeing: tuple = ()


@dataclass
class Predicted:
    """What tepal predicts: for each row a number or a class, its probabilities, and what is wrong with it."""

    predictions: list
    numbers: np.ndarray
    errors: list
    # What the columns of the numbers are called.
    heads: list


class Refused(Exception):
    """Tepal refused something."""


class Panicked(Exception):
    """Tepal stopped in another way than by refusing."""


# ---- models ----


def model_of(nodes, inputs, outputs, tensors=(), opsets=(), ir_version=8):
    """Inputs are arrays by their names. Outputs are pairs of a name and a type of numpy. Any number of rows may come."""

    def kind(dtype):
        return helper.np_dtype_to_tensor_dtype(np.dtype(dtype))

    given = [helper.make_tensor_value_info(name, kind(array.dtype), [None, *array.shape[1:]]) for name, array in inputs.items()]
    made = [helper.make_tensor_value_info(name, kind(dtype), None) for name, dtype in outputs]
    graph = helper.make_graph(nodes, "graph", given, made, list(tensors))
    return helper.make_model(graph, opset_imports=list(opsets), ir_version=ir_version)


def with_column(model, rank, column):
    """The same model with one column of its only output."""
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    graph = changed.graph
    name = graph.output[0].name
    if rank > 2:
        graph.node.append(helper.make_node("Flatten", [name], ["all_columns"], axis=1))
        name = "all_columns"
    graph.initializer.append(numpy_helper.from_array(np.array([column]), "column_asked_for"))
    graph.node.append(helper.make_node("Gather", [name, "column_asked_for"], ["one_column"], axis=1))
    graph.output[0].name = "one_column"
    if not any(opset.domain == "" for opset in changed.opset_import):
        changed.opset_import.append(helper.make_opsetid("", 17))
    return changed


# ---- others ----


def by_reference(model, inputs):
    with np.errstate(all="ignore"):
        return ReferenceEvaluator(model).run(None, inputs)


def by_runtime(model, inputs):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"]).run(None, inputs)


def by_others(model, inputs):
    """What each that can run a model makes of it, and of the others why they cannot."""
    answers, failures = {}, {}
    for whom, ask in ((REFERENCE, by_reference), (RUNTIME, by_runtime)):
        try:
            answers[whom] = ask(model, inputs)
        except Exception as error:  # Both raise errors of many kinds.
            failures[whom] = " ".join(str(error).split())[:120] or type(error).__name__
    return answers, failures


# ---- tepal ----


def run(arguments):
    done = subprocess.run([str(argument) for argument in arguments], capture_output=True, text=True, timeout=60)
    if "panicked" in done.stderr or done.returncode not in (0, *REFUSALS):
        raise Panicked(f"exit code {done.returncode}: {done.stderr.strip()[-300:]}")
    return done


def cell(value):
    if isinstance(value, (str, bytes)):
        return value if isinstance(value, str) else value.decode()
    return "" if value != value else repr(float(value))


class Tepal:
    def __init__(self, program, folder):
        self.program = program
        self.model, self.imported, self.rows = folder / "m.onnx", folder / "m.tepal", folder / "rows.csv"

    def read(self, content, *options):
        """Imports the bytes of a model."""
        self.model.write_bytes(content)
        done = run([self.program, "import", self.model, "-o", self.imported, "--allow-rows", *options])
        if done.returncode:
            raise Refused(done.stderr.strip().split("m.onnx: ")[-1])

    def predict(self, inputs):
        """For each row its prediction, its probabilities or its number, and what is wrong with it; and what these are called."""
        columns = {name: array.reshape(len(array), -1) for name, array in inputs.items()}
        names = [name if array.shape[1] == 1 else None for name, array in columns.items() for _ in range(array.shape[1])]
        names = [name or f"f{k}" for k, name in enumerate(names)]
        n_rows = len(next(iter(columns.values())))
        rows = [[cell(value) for array in columns.values() for value in array[k]] for k in range(n_rows)]
        text = io.StringIO()
        csv.writer(text).writerows([names, *rows])
        self.rows.write_text(text.getvalue())
        done = run([self.program, "predict", self.imported, self.rows, "--on-error", "mark"])
        head, *lines = list(csv.reader(io.StringIO(done.stdout))) or [[]]
        if not lines:
            raise Refused(done.stderr.strip())
        numbers = [k for k, name in enumerate(head) if name.startswith("probability_")] or [0]
        heads = [head[k].removeprefix("probability_") for k in numbers]
        error = head.index("error") if "error" in head else None
        errors = [line[error] if error is not None else "" for line in lines]
        found = [[float(line[k]) if line[k] else np.nan for k in numbers] for line in lines]
        return Predicted([line[0] for line in lines], np.array(found), errors, heads)

    def ask(self, model, inputs):
        self.read(model.SerializeToString())
        return self.predict(inputs)


# ---- verdicts ----


def finite_rows(inputs):
    """The rows that a table can have: numbers in it are finite or missing."""
    rows = len(next(iter(inputs.values())))
    kept = np.ones(rows, bool)
    for array in inputs.values():
        if array.dtype.kind == "f":
            kept &= ~np.isinf(array.reshape(rows, -1)).any(axis=1)
    return kept


def compared(found, errors, expected, case):
    """What is wrong with the numbers of rows; nothing where all are right. Raises where a row is refused that has an answer."""
    for row, numbers, error in zip(expected, found, errors):
        if not np.isfinite(row).all():
            if not error:
                return f"expected {row.tolist()}, found {numbers.tolist()}"
        elif error:
            raise Refused(f"a row: {error}")
        elif not np.allclose(numbers, row, rtol=case.rtol, atol=case.atol):
            return f"expected {row.tolist()}, found {numbers.tolist()}"
    return ""


def asked_for_classes(tepal, case, inputs):
    """The probabilities in the order of the file. Tepal has those of classes with names in the order of these."""
    predicted = tepal.ask(case.model, inputs)
    if sorted(predicted.heads) == sorted(case.classes):
        predicted.numbers = predicted.numbers[:, [predicted.heads.index(name) for name in case.classes]]
    return predicted


def asked_for_numbers(tepal, case, inputs, expected):
    """Some columns of the output, each by a model of its own."""
    width, rank = expected.shape[1], next(iter(case.expected.values())).ndim
    columns = sorted(set(np.linspace(0, width - 1, min(width, MOST_COLUMNS)).astype(int).tolist()))
    found, all_errors = [], None
    for column in columns:
        model = with_column(case.model, rank, column) if rank > 1 and width > 1 else case.model
        predicted = tepal.ask(model, inputs)
        # Of a number of its own that lies between 0 and 1 tepal may make two classes.
        found.append(predicted.numbers[:, -1])
        all_errors = (
            predicted.errors if all_errors is None else [one or other for one, other in zip(all_errors, predicted.errors)]
        )
    return columns, np.array(found).T, all_errors


def has_to_be_refused(tepal, case):
    """The output has no number for each row."""
    try:
        tepal.read(case.model.SerializeToString())
    except Refused as error:
        return Verdict("refused", str(error))
    except Panicked as error:
        return Verdict("panicked", str(error))
    return Verdict("wrong", f"the output has dimensions {[array.shape for array in case.expected.values()]}, and it is imported")


def judge(tepal, case):
    """Whether tepal predicts what anyone of the others does."""
    kept = finite_rows(case.inputs)
    inputs = {name: array[kept] for name, array in case.inputs.items()}
    if not kept.any():
        return Verdict("refused", "a table has no infinite numbers")
    if any(array.ndim == 0 or len(array) != len(kept) for array in case.expected.values()):
        return has_to_be_refused(tepal, case)
    answers = {whom: array.reshape(len(kept), -1)[kept].astype(float) for whom, array in case.expected.items()}
    labels = {whom: [str(label) for label in np.asarray(all_labels)[kept]] for whom, all_labels in case.labels.items()}
    try:
        if case.classes:
            predicted = asked_for_classes(tepal, case, inputs)
            columns, found, errors = range(predicted.numbers.shape[1]), predicted.numbers, predicted.errors
        else:
            columns, found, errors = asked_for_numbers(tepal, case, inputs, next(iter(answers.values())))
        reasons = {}
        for whom, expected in answers.items():
            reasons[whom] = compared(found, errors, expected[:, list(columns)], case)
            if not reasons[whom] and whom in labels and labels[whom] != predicted.predictions:
                reasons[whom] = f"expected the classes {labels[whom]}, found {predicted.predictions}"
    except Refused as error:
        return Verdict("refused", str(error))
    except Panicked as error:
        return Verdict("panicked", str(error))
    agreeing = tuple(whom for whom, why in reasons.items() if not why)
    return (
        Verdict("right", "", agreeing)
        if agreeing
        else Verdict("wrong", "; ".join(f"{whom}: {why}" for whom, why in reasons.items()))
    )
