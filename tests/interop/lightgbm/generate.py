"""Writes small LightGBM models, rows for them, and what LightGBM answers for these rows.

Run as `python generate.py FOLDER`. It runs under every version from 2.1.2 on, needs numpy and pandas, and uses no
network. All tables are made here from fixed seeds. Two runs under one version write the same bytes. See README.md.
"""

import json
import math
import os
import sys
import warnings
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import lightgbm as lgb
import numpy as np
import pandas as pd

VERSION = tuple(int(part) for part in lgb.__version__.split(".")[:3])
NAN = float("nan")
# LightGBM takes |x| <= ZERO as zero: 1e-35 rounded to float32.
ZERO = 1.0000000180025095e-35


def below(value):
    return float(np.nextafter(value, -np.inf))


def above(value):
    return float(np.nextafter(value, np.inf))


TINY = [0.0, -0.0, 1e-36, -9e-36, 2e-35, below(ZERO), ZERO, above(ZERO), below(-ZERO), -ZERO, above(-ZERO)]
TREE = dict(num_leaves=5, min_data_in_leaf=5, learning_rate=0.3, verbose=-1, num_threads=1, seed=7)
if VERSION >= (3, 0, 0):
    # Without this LightGBM takes the faster of two layouts, by a clock.
    TREE["force_col_wise"] = True
TEXTS = ["red", "azure", "grün", "blue", "dark red", "amber"]
TENS = [20, 10, 30, 50]
CODES = [0, 1, 2, 3, 5, 8, 31, 32, 65]
FEW = [1, 2, 7]


# --- Tables. Each takes a random state and a number of rows, and gives the rows and a score without noise.


def numbers(random, rows):
    a = random.uniform(-3, 3, rows).round(2)
    b = (random.normal(size=rows) * 2).round(1)
    c = np.where(random.uniform(size=rows) < 0.4, 0.0, random.uniform(-1, 1, rows).round(2))
    d = random.randint(-2, 8, rows).astype(float)
    score = 0.6 * a + 1.5 * (c == 0) - 1.2 * (b > 0.5) + 0.8 * (a > 1) * (d > 3) - 1.1 * (c < 0)
    return np.column_stack([a, b, c, d]), score


def three(random, rows):
    table, score = numbers(random, rows)
    return table[:, :3], score


def with_constant(random, rows):
    table, score = numbers(random, rows)
    return np.column_stack([table, np.full(rows, 4.0)]), score


def with_missing(random, rows):
    table, score = numbers(random, rows)
    score = score + np.zeros(rows)
    for column, share, effect in [(0, 0.3, -1.5), (1, 0.4, 2.0), (2, 0.2, 0.5)]:
        gone = random.uniform(size=rows) < share
        table[gone, column] = NAN
        score = np.where(gone, effect, score)
    # A column that tells something only by being missing: the threshold is then 1e300.
    gone = random.uniform(size=rows) < 0.4
    table[gone, 3] = NAN
    return table, score + 3.0 * gone


def with_zeros(random, rows):
    table, score = numbers(random, rows)
    for column, share, effect in [(0, 0.4, 1.5), (1, 0.3, -1.0), (3, 0.3, 0.4)]:
        gone = random.uniform(size=rows) < share
        table[gone, column] = np.where(random.uniform(size=gone.sum()) < 0.3, NAN, 0.0)
        score = np.where(gone, effect + 0.4 * score, score)
    return table, score


def with_codes(random, rows):
    table, score = numbers(random, rows)
    codes = random.choice(CODES, rows).astype(float)
    few = random.choice(FEW, rows).astype(float)
    score = score * 0.7 + 1.4 * np.isin(codes, [0, 3, 32, 65]) - 0.9 * np.isin(codes, [5, 31]) + 0.8 * (few == 2)
    codes[random.uniform(size=rows) < 0.05] = NAN
    return np.column_stack([table[:, 0], codes, few, table[:, 2]]), score


def with_frame(random, rows):
    table, score = numbers(random, rows)
    color = random.randint(0, len(TEXTS), rows)
    tens = random.randint(0, len(TENS), rows)
    score = score * 0.6 + 1.3 * np.isin(color, [0, 2, 5]) - 1.2 * (tens == 1) + 0.6 * (tens == 2)
    gone = random.uniform(size=rows) < 0.05
    columns = [
        table[:, 0].tolist(),
        [None if g else TEXTS[i] for i, g in zip(color, gone)],
        [TENS[i] for i in tens],
        table[:, 2].tolist(),
    ]
    return [list(row) for row in zip(*columns)], score


def with_lines(random, rows):
    table, score = numbers(random, rows)
    table[random.uniform(size=rows) < 0.1, 1] = NAN
    return table, score + 0.5 * table[:, 0] * (table[:, 2] > 0)


# --- Targets. Each takes the score and a random state.


def real(score, random):
    return (score + random.normal(size=len(score)) * 0.3).round(3)


def two(score, random):
    return (score + random.normal(size=len(score)) * 0.6 > 0.3).astype(float)


def classes(score, random):
    return np.digitize(score + random.normal(size=len(score)) * 0.4, [-0.5, 0.8]).astype(float)


def count(score, random):
    return random.poisson(np.exp(0.5 * score)).astype(float)


def positive(score, random):
    return (np.exp(0.5 * score) * random.uniform(0.5, 1.5, len(score)) + 0.01).round(3)


def claims(score, random):
    return np.where(random.uniform(size=len(score)) < 0.4, 0.0, positive(score, random))


def share(score, random):
    return (1 / (1 + np.exp(-score - random.normal(size=len(score)) * 0.3))).round(3)


def far(score, random):
    return (np.sign(score) * np.exp(np.abs(score)) * 10).round(2)


def grade(score, random):
    return np.digitize(score + random.normal(size=len(score)) * 0.4, [-1.0, 0.3, 1.2]).astype(float)


def same(score, random):
    return np.full(len(score), 2.7)


def rank_group(rows):
    sizes = []
    while sum(sizes) < rows:
        sizes.append(min(4 + len(sizes) % 3, rows - sum(sizes)))
    return sizes


# --- Configurations.

# Old versions demand a feature_fraction below 1 for a forest.
BAGGING = dict(bagging_fraction=0.7, bagging_freq=1, feature_fraction=0.9)
SET = dict(min_data_per_group=5, cat_smooth=1.0, cat_l2=1.0, max_cat_to_onehot=4)
CONFIGS = {
    "regression": dict(table=with_constant, target=real, params=dict(objective="regression", num_leaves=7),
                       contrib=True, names=None, thresholds=4),
    "binary": dict(target=two, params=dict(objective="binary", num_leaves=7), contrib=True, thresholds=4),
    "sigmoid": dict(target=two, params=dict(objective="binary", sigmoid=0.7)),
    "multiclass": dict(table=three, target=classes, params=dict(objective="multiclass", num_class=3), contrib=True,
                       thresholds=3, rows=30),
    "ova": dict(table=three, target=classes, params=dict(objective="multiclassova", num_class=3), thresholds=3,
                rows=30),
    "poisson": dict(target=count, params=dict(objective="poisson")),
    "gamma": dict(target=positive, params=dict(objective="gamma")),
    "tweedie": dict(target=claims, params=dict(objective="tweedie", tweedie_variance_power=1.3)),
    "l1": dict(target=real, params=dict(objective="regression_l1")),
    "quantile": dict(target=real, params=dict(objective="quantile", alpha=0.9)),
    "huber": dict(target=real, params=dict(objective="huber", alpha=0.8)),
    "mape": dict(target=positive, params=dict(objective="mape")),
    "fair": dict(target=real, params=dict(objective="fair", fair_c=1.5)),
    "sqrt": dict(target=far, params=dict(objective="regression", reg_sqrt=True)),
    "rf": dict(target=real, params=dict(objective="regression", boosting="rf", **BAGGING), rounds=3),
    "rf-binary": dict(target=two, params=dict(objective="binary", boosting="rf", **BAGGING), rounds=3),
    "dart": dict(target=two, params=dict(objective="binary", boosting="dart", drop_rate=0.5, skip_drop=0.0,
                                         num_leaves=4), rounds=5),
    "missing-nan": dict(table=with_missing, target=real, params=dict(objective="regression", num_leaves=8),
                        contrib=True, thresholds=5),
    "missing-none": dict(table=with_missing, target=real, params=dict(objective="regression", use_missing=False)),
    "zero-as-missing": dict(table=with_zeros, target=two, contrib=True, thresholds=4,
                            params=dict(objective="binary", zero_as_missing=True, num_leaves=8)),
    "categories": dict(table=with_codes, target=real, params=dict(objective="regression", num_leaves=7, **SET),
                       rounds=3, contrib=True, names=["a", "code", "few", "c"], categories={1: CODES, 2: FEW},
                       thresholds=3),
    "pandas": dict(table=with_frame, target=two, params=dict(objective="binary", num_leaves=6, **SET), rounds=3,
                   contrib=True, names=["a", "color", "tens", "c"], categories={1: TEXTS, 2: TENS}, frame=True,
                   thresholds=3),
    "one-category": dict(table=with_codes, target=real,
                         params=dict(objective="regression", num_leaves=6, **dict(SET, max_cat_to_onehot=64)),
                         names=["a", "code", "few", "c"], categories={1: CODES, 2: FEW}, thresholds=1),
    "linear": dict(table=with_lines, target=real, params=dict(objective="regression", linear_tree=True), rounds=3,
                   since=(3, 2)),
    "cross-entropy": dict(target=share, params=dict(objective="cross_entropy")),
    "cross-entropy-lambda": dict(target=share, params=dict(objective="cross_entropy_lambda")),
    "lambdarank": dict(target=grade, params=dict(objective="lambdarank", min_sum_hessian_in_leaf=1e-4), ranked=True),
    "early": dict(target=two, params=dict(objective="binary", learning_rate=0.9, num_leaves=4), rounds=40, early=True),
    "constant": dict(target=same, params=dict(objective="regression"), rounds=3),
    "names": dict(target=real, params=dict(objective="regression"), names=["my feature", "two  blanks", "c", "d"]),
    "monotone": dict(target=real, params=dict(objective="regression", monotone_constraints=[1, -1, 0, 0])),
    "extra": dict(target=far, params=dict(objective="regression", num_leaves=31, min_data_in_leaf=1), rounds=1,
                  weighted=True, thresholds=5, rows=36),
    # Behind the others, whose seeds are their places.
    "softmax-two": dict(table=three, target=two, params=dict(objective="multiclass", num_class=2), since=(3, 3)),
    "ova-sigmoid": dict(table=three, target=classes, since=(3, 3),
                        params=dict(objective="multiclassova", num_class=3, sigmoid=0.7)),
    "rf-classes": dict(table=three, target=classes, rounds=3, since=(3, 3),
                       params=dict(objective="multiclass", num_class=3, boosting="rf", **BAGGING)),
    "linear-classes": dict(table=with_lines, target=classes, rounds=3, since=(3, 3),
                           params=dict(objective="multiclass", num_class=3, linear_tree=True)),
    "linear-constant": dict(table=with_lines, target=same, rounds=3, since=(3, 3),
                            params=dict(objective="regression", linear_tree=True)),
    "linear-rf": dict(table=with_lines, target=real, rounds=3, since=(3, 3),
                      params=dict(objective="regression", linear_tree=True, boosting="rf", **BAGGING)),
    "ova-two": dict(table=three, target=two, params=dict(objective="multiclassova", num_class=2), since=(3, 3)),
}
JSON = ["binary", "multiclass", "missing-nan", "zero-as-missing", "pandas", "linear", "linear-classes"]
JSON_VERSIONS = [(3, 3, 5), (4, 7, 0)]
# Files of versions before 2.3 are few, to keep the folder small.
OLD = ["binary", "multiclass", "rf", "rf-binary", "missing-nan", "zero-as-missing", "categories",
       "cross-entropy", "constant"]
TRAINING_ROWS = 300


class Case:
    def __init__(self, name, seed, table=numbers, target=real, params=None, rounds=2, contrib=False,
                 names=("a", "b", "c", "d"), categories=None, frame=False, thresholds=3, rows=32, since=(2, 0),
                 ranked=False, early=False, weighted=False, custom=False):
        self.name, self.seed, self.table, self.rounds = name, seed, table, rounds
        self.contrib, self.categories, self.frame = contrib, categories or {}, frame
        self.thresholds, self.row_limit, self.since = thresholds, 38 if contrib and rows == 32 else rows, since
        random = np.random.RandomState(seed)
        self.train_rows, score = table(random, TRAINING_ROWS)
        self.labels = target(score, random)
        self.params = dict(TREE, **params)
        names = names and list(names)[:len(self.train_rows[0])]
        extra = dict(feature_name=names) if names and not frame else {}
        if self.categories and not frame:
            extra["categorical_feature"] = list(self.categories)
        if weighted:
            extra["weight"] = random.choice([0.01, 1.0, 100.0], TRAINING_ROWS)
        if ranked:
            extra["group"] = rank_group(TRAINING_ROWS)
        self.names = names
        data = self.matrix(self.train_rows)
        options = {}
        if early:
            train = lgb.Dataset(data[:150], self.labels[:150], params=self.params, **extra)
            options = dict(valid_sets=[lgb.Dataset(data[150:], self.labels[150:], reference=train)],
                           callbacks=[lgb.early_stopping(3, verbose=False)])
            if VERSION < (4, 0, 0):
                options["verbose_eval"] = False
        else:
            train = lgb.Dataset(data, self.labels, params=self.params, **extra)
        if custom:
            def gradient(scores, dataset):
                return scores - dataset.get_label(), np.ones(len(scores))

            if VERSION >= (4, 0, 0):
                self.params["objective"] = gradient
            else:
                options["fobj"] = gradient
        self.booster = lgb.train(self.params, train, rounds, **options)
        if early:
            assert 1 < self.booster.best_iteration < 10, self.booster.best_iteration

    def matrix(self, rows):
        if not self.frame:
            return np.array(rows, dtype=np.float64)
        columns = {}
        for index, name in enumerate(self.names):
            values = [row[index] for row in rows]
            if index in self.categories:
                known = list(self.categories[index])
                more = sorted({value for value in values if value is not None and value not in known})
                columns[name] = pd.Categorical(values, categories=known + more)
            else:
                columns[name] = np.array(values, dtype=np.float64)
        return pd.DataFrame(columns)

    def raw(self, rows):
        return np.asarray(self.booster.predict(self.matrix(rows), raw_score=True)).reshape(len(rows), -1)

    def missing(self, column):
        return None if self.frame and column in self.categories else NAN

    def hostile(self, text):
        """Rows that a reader with a wrong rule gets wrong."""
        random = np.random.RandomState(self.seed + 1000)
        pool = [list(row) for row in self.table(random, 60)[0]]
        numeric = [column for column in range(len(pool[0])) if column not in self.categories]
        rows = []

        def put(row, **cells):
            rows.append([cells.get("c%d" % column, cell) for column, cell in enumerate(row)])

        def at(row, column, value):
            return [value if index == column else cell for index, cell in enumerate(row)]

        # Every category, then codes that no category has. The two columns move together, on the row that tells most.
        if self.categories:
            lists = []
            for column, known in self.categories.items():
                odd = [999] if self.frame else [4, 64, 100, -1, -0.5, 2.5, 2147483648.0, 1e300]
                if self.frame and isinstance(known[0], str):
                    odd = ["RED", "violet"]
                lists.append((column, list(known) + odd + [self.missing(column)]))
            longest = max(len(values) for _, values in lists)

            def told(row):
                trial = [at(row, column, value) for column, values in lists for value in values]
                return len({tuple(answer) for answer in self.raw(trial)})

            base = sorted(pool, key=told)[-2:]
            for index in range(longest):
                put(base[index % 2], **{"c%d" % column: values[index % len(values)] for column, values in lists})
        # Thresholds, on a row where the two sides differ.
        chosen = []
        for feature, threshold in splits(text):
            if (feature, threshold) not in chosen:
                chosen.append((feature, threshold))
        special = [split for split in chosen if abs(split[1]) < 1e-30 or abs(split[1]) > 1e290]
        seen, first, rest = set(), [], []
        for split in chosen:
            (rest if split[0] in seen else first).append(split)
            seen.add(split[0])
        ordered = special[:2] + [split for split in first + rest if split not in special[:2]]
        for feature, threshold in ordered[:self.thresholds]:
            sides = [below(threshold), threshold, above(threshold)]
            best = pool[0]
            for row in pool:
                answers = self.raw([at(row, feature, sides[0]), at(row, feature, sides[2])])
                if (answers[0] != answers[1]).any():
                    best = row
                    break
            for value in sides:
                if math.isfinite(value):
                    put(best, **{"c%d" % feature: value})
        # Nothing but missing cells, then one missing cell a row.
        put([self.missing(column) for column in range(len(pool[0]))])
        for column in range(len(pool[0])):
            if not self.categories or column in numeric:
                put(pool[column + 1], **{"c%d" % column: self.missing(column)})
        # Zeros and what counts as zero, in the column whose thresholds lie nearest to zero.
        near = sorted((abs(threshold), feature) for feature, threshold in chosen)
        column = near[0][1] if near else numeric[0]
        for index, value in enumerate(TINY[2:9:2] if self.categories else TINY):
            put(pool[10 + index % 2], **{"c%d" % column: value})
        zeros = pool[13]
        put(zeros, **{"c%d" % column: 0.0 for column in numeric})
        # Far outside.
        for index, values in enumerate([(1e300, 1e300), (-1e300, -1e300), (1e300, -1e300)]):
            put(pool[14 + index], **{"c%d" % column: values[column % 2] for column in numeric})
        # Random rows.
        assert len(rows) <= self.row_limit, (self.name, len(rows))
        rows.extend(pool[20:20 + self.row_limit - len(rows)])
        return rows

    def write(self, folder):
        path = folder / (self.name + ".txt")
        self.booster.save_model(str(path))
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) <= 12288, (self.name, len(text))
        rows = self.hostile(text)
        data = self.matrix(rows)
        read = lgb.Booster(model_file=str(path))
        columns = []
        heads = [line for line in text.split("\n") if line.startswith("feature_names=")][0].split("=", 1)[1].split(" ")
        assert len(heads) == len(rows[0]), heads
        for kind, options in [("raw", dict(raw_score=True)), ("output", {}), ("contrib", dict(pred_contrib=True))]:
            if kind == "contrib" and (not self.contrib or VERSION < (2, 3)):
                continue
            answers = np.asarray(self.booster.predict(data, **options))
            again = np.asarray(read.predict(data, **options))
            if not np.array_equal(answers, again):
                print("%s: %s of the saved model differs by up to %g" % (
                    self.name, kind, np.abs(answers - again).max()))
                answers = again
            answers = answers.reshape(len(rows), -1)
            width = answers.shape[1]
            columns.append(answers)
            heads += [kind] if width == 1 and kind != "contrib" else ["%s%d" % (kind, i) for i in range(width)]
        lines = [",".join(heads)]
        for index, row in enumerate(rows):
            cells = [self.cell(column, value) for column, value in enumerate(row)]
            cells += [repr(float(value)) for answers in columns for value in answers[index]]
            lines.append(",".join(cells))
        (folder / (self.name + ".csv")).write_bytes(("\n".join(lines) + "\n").encode())
        if VERSION in JSON_VERSIONS and self.name in JSON:
            dump = json.dumps(self.booster.dump_model())
            (folder / (self.name + ".json")).write_bytes((dump + "\n").encode())

    def cell(self, column, value):
        if value is None or value != value:
            return ""
        if column in self.categories:
            if isinstance(value, str):
                return value
            if float(value).is_integer() and abs(value) < 1e15:
                return str(int(value))
        return repr(float(value))


def splits(text):
    """The numeric splits of a model: feature and threshold, in the order of the file."""
    found = []
    for block in text.split("\nTree=")[1:]:
        fields = dict(line.split("=", 1) for line in block.split("\n\n")[0].split("\n") if "=" in line)
        for feature, threshold, kind in zip(*(fields.get(key, "").split() for key in
                                              ["split_feature", "threshold", "decision_type"])):
            if int(kind) & 1 == 0:
                found.append((int(feature), float(threshold)))
    return found


def main():
    folder = Path(sys.argv[1])
    (folder / "refused").mkdir(parents=True, exist_ok=True)
    warnings.simplefilter("ignore")
    for index, (name, config) in enumerate(CONFIGS.items()):
        if VERSION < config.get("since", (2, 0)) or VERSION < (2, 3) and name not in OLD:
            continue
        if name == "names" and VERSION >= (3, 0, 0):
            config = dict(config, names=["my feature", "two  blanks", "größe", "d"])
        case = Case(name, 100 + index, **config)
        if name == "rf-binary" and VERSION < (2, 3):
            # Up to 2.2.2 the leaves are probabilities already, from 2.2.3 on they are not. Both files say v2.
            case.booster.save_model(str(folder / "refused" / "rf-binary.txt"))
        else:
            case.write(folder)
    custom = Case("custom-objective", 99, params={}, custom=True)
    custom.booster.save_model(str(folder / "refused" / "custom-objective.txt"))


if __name__ == "__main__":
    main()
