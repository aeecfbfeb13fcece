// A table's columns as the plain solver takes them.

/** Centred and divided by the population deviation; null for a constant column. */
function standardized(column) {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const centred = column.map((value) => value - mean);
  const deviation = Math.sqrt(centred.reduce((sum, value) => sum + value * value, 0) / column.length);
  return column.every((value) => value === column[0]) ? null : centred.map((value) => value / deviation);
}

function rowMajor(columns, rows) {
  const x = new Float64Array(rows * columns.length);
  columns.forEach((column, j) => column.forEach((value, row) => (x[row * columns.length + j] = value)));
  return x;
}

/**
 * @param {{rows: number, features: number, classes: number, standardize: boolean}} table
 * @param {Float64Array[]} columns the features, then the target
 */
export function problemOf({ rows, features, classes, standardize }, columns) {
  const raw = columns.slice(0, features);
  const used = standardize ? raw.map(standardized).filter((column) => column !== null) : raw;
  const l2 = classes === 0 ? 0 : 1;
  return { x: rowMajor(used, rows), codesOrNumbers: columns[features], rows, features: used.length, classes, l2 };
}
