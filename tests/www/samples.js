// What a model says of its features, as small as it can be: the tests name what matters to them.

/** @param {string} name @param {object} [facts] */
export const numbers = (name, facts = {}) => ({
  name, kind: 'number', unit: null, description: null, missing: 0, constant: false, importance: 1,
  takesMissing: true, fill: 5, takesUnseen: false, isDate: false, written: null, minimum: 0, median: 5, maximum: 10, ...facts,
});

/** @param {string} name @param {Record<string, number>} rows by category @param {object} [facts] */
export const categories = (name, rows, facts = {}) => ({
  name, kind: 'category', unit: null, description: null, missing: 0, constant: false, importance: 1,
  takesMissing: false, fill: null, takesUnseen: false,
  categories: Object.entries(rows).map(([category, count]) => ({ category, rows: count })), ...facts,
});
