"""Rows that the tests send."""

IRIS_NAMES = ["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"]
IRIS = [
    [5.1, 3.5, 1.4, 0.2],
    [6.2, 2.9, 4.3, 1.3],
    [7.7, 2.6, 6.9, 2.3],
]
IRIS_CLASSES = ["setosa", "versicolor", "virginica"]
IRIS_LABELS = ["setosa", "versicolor", "virginica"]

# The names of numbers, of texts, and rows with both missing.
PENGUIN_NAMES = ["island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex", "year"]
PENGUIN_TEXTS = ["island", "sex"]
PENGUINS = [
    ["Torgersen", 39.1, 18.7, 181.0, 3750.0, "male", 2007.0],
    ["Biscoe", None, 15.3, 222.0, 5200.0, None, 2009.0],
    [None, 46.5, 17.9, None, 3500.5, "female", 2007.0],
]
PENGUIN_LABELS = ["Adelie", "Gentoo", "Chinstrap"]


def by_name(names, rows):
    return [dict(zip(names, row)) for row in rows]


def columns(names, rows):
    return dict(zip(names, map(list, zip(*rows))))
