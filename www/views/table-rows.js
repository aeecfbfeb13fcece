/**
 * The rows of a table body, made once and filled again and again: nothing is replaced while a slider is dragged.
 *
 * @template {{element: HTMLTableRowElement}} R
 * @param {HTMLTableSectionElement} body
 * @param {() => R} create
 * @returns {(count: number) => R[]} as many rows as asked for, in the table
 */
export function tableRows(body, create) {
  /** @type {R[]} */
  const rows = [];
  return (count) => {
    while (rows.length < count) rows.push(create());
    while (body.rows.length > count) body.deleteRow(-1);
    for (let at = body.rows.length; at < count; at += 1) body.append(rows[at].element);
    return rows.slice(0, count);
  };
}
