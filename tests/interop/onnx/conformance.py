"""Compares tepal with the tests that the onnx package ships, and with cases of its own.

    python conformance.py PATH_TO_TEPAL

runs in an environment of requirements-conformance.txt and prints a table. The exit code is 1 if a prediction is wrong, if
tepal panics, or if fewer cases are right than `LEAST_RIGHT`.
"""

import collections
import re
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import dense
import shipped
import written
from asking import Case, Panicked, Refused, SHIPPED, Tepal, Verdict, judge

# How many cases were right when this was measured.
LEAST_RIGHT = 678


def without_names(reason):
    """The reason without the names of nodes, and without numbers in brackets, so that equal ones are counted together."""
    reason = re.sub(r'"[^"]*"', '"..."', reason)
    return re.sub(r"\[[-\d., e]*\]", "[...]", reason)


class Report:
    """Counts by operator, and what is not right."""

    def __init__(self):
        self.counts = collections.defaultdict(collections.Counter)
        self.reasons = collections.defaultdict(list)
        self.bad = []

    def add(self, case, verdict):
        self.counts[case.operator][verdict.word] += 1
        if verdict.word == "refused":
            self.reasons[without_names(verdict.why)].append(case.name)
        elif verdict.word in ("wrong", "panicked"):
            self.bad.append((case.name, verdict))

    def total(self, word):
        return sum(counts[word] for counts in self.counts.values())

    def print_table(self, title):
        words = ("right", "refused", "wrong", "panicked")
        print(f"\n{title}\n\n{'operator':28}" + "".join(f"{word:>10}" for word in words))
        refused = [operator for operator in sorted(self.counts) if set(self.counts[operator]) == {"refused"}]
        for operator in sorted(set(self.counts) - set(refused)):
            print(f"{operator:28}" + "".join(f"{self.counts[operator][word] or '':>10}" for word in words))
        n_others = sum(self.counts[operator]["refused"] for operator in refused)
        print(f"{f'{len(refused)} that are only refused':28}{'':>10}{n_others or '':>10}")
        print(f"{'all':28}" + "".join(f"{self.total(word):>10}" for word in words))
        if refused:
            print("only refused: " + ", ".join(f"{operator} {self.counts[operator]['refused']}" for operator in refused))

    def print_reasons(self):
        print("\nrefused:")
        for why, names in sorted(self.reasons.items(), key=lambda entry: -len(entry[1])):
            print(f"{len(names):5}  {why[:170]}\n       {', '.join(names[:4])}{', ...' if len(names) > 4 else ''}")

    def print_bad(self):
        for name, verdict in self.bad:
            print(f"\n{verdict.word.upper()} {name}\n    {verdict.why[:900]}")


def judge_as_shipped(tepal, folder, test):
    """A model without rows has to be refused, or else to have the outputs that it ships with."""
    try:
        tepal.read((folder / "model.onnx").read_bytes())
    except Refused as error:
        return Verdict("refused", str(error))
    except Panicked as error:
        return Verdict("panicked", str(error))
    if test is None or not all(array.ndim in (1, 2) for array in test.inputs.values()) or len(test.outputs) > 1:
        return Verdict("imported", "nothing to compare it with")
    expected = next(iter(test.outputs.values()))
    if expected.ndim == 0 or len({len(array) for array in test.inputs.values()} | {len(expected)}) > 1:
        return Verdict("wrong", "it is no model of rows, and is imported")
    return judge(tepal, Case(folder.name, test.operator, test.model, test.inputs, {SHIPPED: expected}))


def run_shipped(tepal):
    """The tests of rows, and what became of the others."""
    rows, others = Report(), Report()
    for folder, test in shipped.all_tests():
        found = list(shipped.cases_of(test)) if test else []
        for case in found:
            rows.add(case, judge(tepal, case))
        as_shipped = judge_as_shipped(tepal, folder, test)
        if not found or as_shipped.word == "panicked":
            operator = test.operator if test else "too large, or no tensors"
            others.add(Case(folder.name, operator, None, {}, {}), as_shipped)
    return rows, others


def run_written(tepal):
    report, cases = Report(), written.all_cases()
    dense.add_all(cases)
    verdicts = {}
    for case in cases.all:
        verdicts[case.name] = judge(tepal, case)
        report.add(case, verdicts[case.name])
    return report, cases, verdicts


def print_disagreements(cases, verdicts):
    print("\nonnx.reference and onnxruntime differ, the former first:")
    refused = 0
    for case, how in written.disagreements(cases.all):
        verdict = verdicts[case.name]
        if verdict.word == "refused":
            refused += 1
            continue
        print(f"  {case.name}: {how}; tepal {'agrees with ' + verdict.agreeing[0] if verdict.agreeing else 'with neither'}")
    print(f"  and in {refused} cases that tepal refuses")
    print("\none of the two does not run:")
    by_reason = collections.defaultdict(list)
    for name, _, whom, why in cases.failures:
        by_reason[whom, why].append(name)
    for (whom, why), names in by_reason.items():
        print(f"{len(names):5}  {whom}: {why}\n       {', '.join(names[:4])}{', ...' if len(names) > 4 else ''}")


def main(program):
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tepal = Tepal(Path(program).resolve(), Path(folder))
        rows, others = run_shipped(tepal)
        own, cases, verdicts = run_written(tepal)
    rows.print_table("Tests that the onnx package ships, of rows")
    rows.print_reasons()
    own.print_table("Cases of its own")
    own.print_reasons()
    print_disagreements(cases, verdicts)
    n_others = sum(sum(counts.values()) for counts in others.counts.values())
    print(
        f"\nOf {n_others} tests that are of no rows, {others.total('refused')} are refused and {others.total('imported')} imported."
    )
    reports = (rows, others, own)
    for report in reports:
        report.print_bad()
    right, bad = rows.total("right") + own.total("right"), sum(len(report.bad) for report in reports)
    print(f"\n{right} right, at least {LEAST_RIGHT}; {bad} wrong or panicked; {time.monotonic() - start:.0f} seconds")
    return 1 if bad or right < LEAST_RIGHT else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
