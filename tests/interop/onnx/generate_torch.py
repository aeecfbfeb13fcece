"""Writes small networks of PyTorch with rows, and what torch itself predicts for them.

    python generate_torch.py FOLDER

writes NAME_HOW.onnx and NAME_HOW.csv for each network and for both ways in which torch exports: `dynamo` and `old`. The
table has the names of the features, then `output`, or `output0,output1,...`. Networks whose name ends in `_logits` hand out
scores before their softmax; their tables have the probabilities. So have those that end in a logarithm of a softmax.
"""

import pathlib
import sys
import warnings

import numpy as np
import onnx
import torch
from torch import nn

ROWS = 24
WIDTH = 4
MOST_BYTES = 10_000
# Where in a file of Python each operator comes from, which differs from machine to machine.
TRACE = "pkg.torch.onnx.stack_trace"


# ---- networks that are no sequence ----

class Skip(nn.Module):
    """A sum and a join with what came in."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(WIDTH, WIDTH)
        self.last = nn.Linear(2 * WIDTH, 1)

    def forward(self, x):
        hidden = torch.relu(self.first(x)) + x
        return self.last(torch.cat([hidden, x * 2 - 1], dim=1)).squeeze(1)


class Columns(nn.Module):
    """Two inputs of one number each."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(2, 5)
        self.last = nn.Linear(5, 1)

    def forward(self, age, income):
        both = torch.cat([age / 10, torch.log1p(income.abs())], dim=1)
        return torch.sigmoid(self.last(torch.tanh(self.first(both))))


class Standardized(nn.Module):
    """Arithmetic with numbers of the file, parts of a row and what is made of all its numbers."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([0.5, -0.25, 0.0, 1.0]))
        self.register_buffer("deviation", torch.tensor([1.5, 0.75, 2.0, 1.0]))
        self.last = nn.Linear(3, 1)

    def forward(self, x):
        x = ((x - self.mean) / self.deviation).clamp(-2, 2)
        left, right = x[:, :2], x[:, 2:]
        size = torch.sqrt((x ** 2).sum(dim=1, keepdim=True))
        larger = torch.where(left > right, left, right)
        return self.last(torch.cat([larger, size], dim=1)) - x.mean(dim=1, keepdim=True)


class Attention(nn.Module):
    """Weights of the numbers of a row that add up to 1."""

    def __init__(self):
        super().__init__()
        self.score = nn.Linear(WIDTH, WIDTH)
        self.last = nn.Linear(WIDTH, 3)

    def forward(self, x):
        weights = torch.softmax(self.score(x), dim=1)
        return self.last(weights * x + x.amax(dim=-1, keepdim=True))


class Viewed(nn.Module):
    """Reshapes that count the rows."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(WIDTH, 6)
        self.last = nn.Linear(6, 2)

    def forward(self, x):
        hidden = torch.exp(-self.first(x.view(x.size(0), -1)) ** 2)
        return torch.log_softmax(self.last(hidden.reshape(-1, 6)), dim=-1)


def networks():
    """Each network with its name. The seed makes their weights the same each time."""
    torch.manual_seed(0)
    return {
        "gelu_logits": nn.Sequential(nn.Linear(WIDTH, 8), nn.ReLU(), nn.Linear(8, 6), nn.GELU(), nn.Linear(6, 3)),
        "batch_norm": nn.Sequential(nn.Linear(WIDTH, 8), nn.BatchNorm1d(8), nn.SiLU(), nn.Dropout(0.3), nn.Linear(8, 1)),
        "layer_norm": nn.Sequential(nn.Linear(WIDTH, 8), nn.LayerNorm(8), nn.Tanh(), nn.PReLU(8), nn.Linear(8, 3),
                                    nn.Softmax(dim=1)),
        "two_classes": nn.Sequential(nn.Linear(WIDTH, 8), nn.ELU(), nn.Softplus(), nn.Linear(8, 1), nn.Sigmoid()),
        "hard": nn.Sequential(nn.Linear(WIDTH, 6), nn.Hardswish(), nn.Linear(6, 6), nn.Mish(), nn.ReLU6(), nn.Hardsigmoid(),
                              nn.Linear(6, 1)),
        "gated": nn.Sequential(nn.Linear(WIDTH, 8), nn.GLU(dim=1), nn.Linear(4, 4), nn.LeakyReLU(0.2), nn.CELU(0.5),
                               nn.Linear(4, 1)),
        "double": nn.Sequential(nn.Linear(WIDTH, 6), nn.Tanh(), nn.Linear(6, 1)).double(),
        "skip": Skip(),
        "columns": Columns(),
        "standardized": Standardized(),
        "attention_logits": Attention(),
        "viewed": Viewed(),
    }


def prepare(network):
    """Makes it predict, with what a batch normalization would have learned."""
    network.eval()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm1d):
            module.running_mean.uniform_(-1, 1)
            module.running_var.uniform_(0.5, 2)


def inputs_of(name, network):
    """The tensors that a network is given, by the names of its inputs."""
    kind = torch.float64 if name == "double" else torch.float32
    if name == "columns":
        return {"age": torch.rand(ROWS, 1) * 80, "income": torch.randn(ROWS, 1) * 50}
    return {"features": torch.randn(ROWS, WIDTH, dtype=kind) * 1.5}


def export(network, inputs, path, how):
    arguments, names = tuple(inputs.values()), list(inputs)
    if how == "old":
        torch.onnx.export(network, arguments, path, dynamo=False, input_names=names, output_names=["out"],
                          dynamic_axes={name: {0: "batch"} for name in names})
    else:
        batch = torch.export.Dim("batch")
        torch.onnx.export(network, arguments, path, dynamo=True, input_names=names, external_data=False, verbose=False,
                          dynamic_shapes=tuple({0: batch} for _ in names))
        model = onnx.load(path)
        for node in model.graph.node:
            kept = [entry for entry in node.metadata_props if entry.key != TRACE]
            del node.metadata_props[:]
            node.metadata_props.extend(kept)
        onnx.save(model, path)


def predicted(name, network, inputs):
    with torch.no_grad():
        found = network(*inputs.values())
    if name.endswith("_logits"):
        found = torch.softmax(found, dim=1)
    if name == "viewed":
        found = torch.exp(found)
    return found.numpy().reshape(ROWS, -1)


def table(inputs, outputs):
    """The rows as text."""
    numbers = np.concatenate([tensor.numpy() for tensor in inputs.values()], axis=1)
    features = list(inputs) if len(inputs) > 1 else [f"f{k}" for k in range(numbers.shape[1])]
    heads = ["output"] if outputs.shape[1] == 1 else [f"output{k}" for k in range(outputs.shape[1])]
    lines = [",".join(features + heads)]
    for row, output in zip(numbers, outputs):
        lines.append(",".join(repr(float(number)) for number in [*row, *output]))
    return "\n".join(lines) + "\n"


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    for name, network in networks().items():
        prepare(network)
        inputs = inputs_of(name, network)
        rows = table(inputs, predicted(name, network, inputs))
        for how in ("dynamo", "old"):
            # _logits stays last.
            whole = name.removesuffix("_logits") + f"_{how}" + ("_logits" if name.endswith("_logits") else "")
            path = folder / f"{whole}.onnx"
            export(network, inputs, path, how)
            size = path.stat().st_size
            assert size <= MOST_BYTES, f"{whole} has {size} bytes"
            (folder / f"{whole}.csv").write_text(rows)


if __name__ == "__main__":
    main(sys.argv[1])
