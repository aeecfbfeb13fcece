// Numbers and tables for a terminal.

/** A quotient, or undefined if a part of it is missing. */
export const ratio = (over, under) => (over != null && under != null ? over / under : undefined);
const digits = (number) => number.toFixed(number < 10 ? 2 : number < 100 ? 1 : 0);
export const show = (number) => (number == null ? '-' : digits(number));

/** A column has a title, and a function from a row to a cell. */
export function printTable(columns, rows) {
  const lines = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index].length)));
  for (const line of lines) {
    console.log(line.map((cell, index) => cell[index ? 'padStart' : 'padEnd'](widths[index])).join('  '));
  }
}
