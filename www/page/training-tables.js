/**
 * The tables that come with the page, by the end of their button's test id.
 *
 * @type {Record<string, {name: string, url: string, target?: string}>}
 */
export const BUNDLED_TABLES = {
  iris: { name: 'iris.csv', url: './data/iris.csv' },
  penguins: { name: 'penguins.csv', url: './data/penguins.csv', target: 'species' },
  wine: { name: 'wine.csv', url: './data/wine.csv' },
  'breast-cancer': { name: 'breast-cancer.csv', url: './data/breast-cancer.csv' },
  diabetes: { name: 'diabetes.csv', url: './data/diabetes.csv' },
};

/**
 * What a table is usually trained on: the last column, or the one that is known of a table of the page.
 *
 * @param {string} name of the table
 * @param {readonly string[]} columns
 */
export function usualTarget(name, columns) {
  const known = Object.values(BUNDLED_TABLES).find((table) => table.name === name)?.target;
  return known !== undefined && columns.includes(known) ? known : (columns.at(-1) ?? '');
}
