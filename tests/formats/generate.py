"""Writes one table in every format that tepal reads: `python generate.py` with requirements.txt beside it.

Seed 7. The CSV file has the digits that the others hold: numbers have at most 15, since openpyxl writes no more than 16.
"""

import datetime
import decimal
import json
import pathlib

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

HERE = pathlib.Path(__file__).parent
N_ROWS = 120
rng = np.random.default_rng(7)


def some(values, share=0.1):
    """The same values, some of them missing."""
    return [None if rng.random() < share else value for value in values]


score = rng.normal(0, 1, N_ROWS).round(9)
member = [bool(flag) for flag in rng.random(N_ROWS) < 0.4]
columns = {
    "id": [int(number) for number in 10**18 + rng.permutation(N_ROWS) * 7],
    "age": [int(number) for number in rng.integers(18, 90, N_ROWS)],
    "income": some([float(number) for number in rng.normal(3e4, 1e4, N_ROWS).round(2)]),
    "score": [float(number) for number in score],
    # One sign before three digits says nothing of a CSV file; a number that was one has a decimal point.
    "ratio": [float(number) for number in rng.integers(1000, 3000, N_ROWS) / 1000],
    "small": [float(str(number)) for number in rng.normal(0, 1, N_ROWS).astype("float32")],
    "price": [float(number) / 100 for number in rng.integers(100, 99999, N_ROWS)],
    "member": member,
    "city": some([str(city) for city in rng.choice(["Köln", "Bern, BE", 'O"slo', "two\nlines"], N_ROWS)]),
    "joined": some([datetime.date(2020, 1, 1) + datetime.timedelta(int(day)) for day in rng.integers(0, 900, N_ROWS)]),
    "y": ["yes" if value > 0 else "no" for value in score + member + rng.normal(0, 1, N_ROWS)],
}

csv = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
csv["member"] = csv["member"].map({True: "true", False: "false"})
csv.to_csv(HERE / "table.csv", index=False)

with open(HERE / "table.jsonl", "w") as lines:
    for row in zip(*columns.values()):
        cells = {name: str(cell) if isinstance(cell, datetime.date) else cell for name, cell in zip(columns, row)}
        # A value that is not there is left out by some writers.
        cells = {name: cell for name, cell in cells.items() if cell is not None or rng.random() < 0.5}
        lines.write(json.dumps(cells, ensure_ascii=False) + "\n")

types = {"small": pa.float32(), "price": pa.decimal128(9, 2), "joined": pa.date32()}
arrays = {
    name: pa.array([decimal.Decimal(str(cell)) for cell in cells] if name == "price" else cells, types.get(name))
    for name, cells in columns.items()
}
table = pa.table(arrays)
for compression in ["none", "snappy", "zstd", "gzip", "lz4"]:
    pq.write_table(table, HERE / f"{compression}.parquet", compression=compression, row_group_size=50)
pq.write_table(table, HERE / "brotli.parquet", compression="brotli")
pq.write_table(table, HERE / "pages.parquet", data_page_size=64, write_batch_size=8, use_dictionary=False)
pq.write_table(
    pa.table(
        {
            "x": pa.array([1, 2, 3]),
            "tags": pa.array([[1], [], [2, 3]]),
            "place": pa.array([{"lat": 1.0}] * 3),
            "when": pa.array([datetime.datetime(2024, 5, 1, 12, 30, 0, 250000)] * 3),
            "clock": pa.array([datetime.time(1, 2, 3)] * 3),
            "raw": pa.array([b"\xff"] * 3, pa.binary(1)),
            "half": pa.array(np.array([0.5, -2.0, 65504], "float16")),
            "large": pa.array([2**53, 2**53 + 1, None]),
            "unsigned": pa.array([0, 1, 2**64 - 1], pa.uint64()),
            "cents": pa.array([decimal.Decimal("-1.005"), None, decimal.Decimal("12345678901234567890.125")]),
            "y": pa.array([1.5, 2.5, 3.5]),
        }
    ),
    HERE / "types.parquet",
)

workbook = openpyxl.Workbook()
sheet = workbook.active
sheet.title = "people"
sheet.append(list(columns))
for row in zip(*columns.values()):
    # A number of 19 digits is no number in Excel.
    sheet.append([str(cell) if name == "id" else cell for name, cell in zip(columns, row)])
formulas = workbook.create_sheet("formulas")
formulas.append(["x", "y"])
for number in range(1, 8):
    # openpyxl writes no value beside a formula.
    formulas.append([number, f"=A{number + 1}*2+1"])
workbook.create_sheet("empty")
workbook.save(HERE / "table.xlsx")

workbook = xlsxwriter.Workbook(HERE / "sheets.xlsx")
hidden = workbook.add_worksheet("hidden")
hidden.hide()
sheet = workbook.add_worksheet("report")
sheet.activate()
day, moment = (workbook.add_format({"num_format": form}) for form in ["yyyy-mm-dd", "dd.mm.yyyy hh:mm"])
clock = workbook.add_format({"num_format": "hh:mm:ss"})
sheet.write("A1", "Report of May")
sheet.merge_range("B3:D3", "measured")
sheet.write_row("B4", ["x", "y", "day", "moment", "clock"])
for number in range(1, 9):
    row = 4 + number + (number > 4)  # A row is empty.
    sheet.write_number(row - 1, 1, number)
    sheet.write_formula(row - 1, 2, f"=B{row}*2+1", None, number * 2 + 1)
    sheet.write_datetime(row - 1, 3, datetime.datetime(2024, 5, number), day)
    sheet.write_datetime(row - 1, 4, datetime.datetime(2024, 5, number, 12, 30), moment)
    sheet.write_datetime(row - 1, 5, datetime.time(number, 2, 3), clock)
workbook.add_worksheet("other").write("A1", "x")
workbook.close()

workbook = xlsxwriter.Workbook(HERE / "merged.xlsx")
sheet = workbook.add_worksheet("groups")
sheet.merge_range("A1:B2", "A title over a block")
sheet.write_row("A3", ["group", "y"])
for number in range(6):
    sheet.write_number(3 + number, 1, number)
sheet.merge_range("A4:A6", "a")
sheet.merge_range("A7:A9", "b")
workbook.close()

workbook = xlsxwriter.Workbook(HERE / "far.xlsx")
workbook.add_worksheet().write("XFD1048576", 1)
workbook.close()
