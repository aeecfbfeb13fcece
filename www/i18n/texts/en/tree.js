/** Texts of drawn trees in English. */
export const tree = {
  title: 'How its trees ask',
  number: 'Tree',
  /** @param {number} trees */
  ofTrees: (trees) => `of ${trees}`,
  probabilities: 'The training rows that come to each question, and the probability that they give.',
  /** @param {string} name */
  adds: (name) => `The training rows that come to each question, and what the tree adds to ${name}.`,
  /** @param {string} name */
  logarithm: (name) => `the natural logarithm of ${name}`,
  /** @param {string} name */
  means: (name) => `The training rows that come to each question, and the mean of their ${name}.`,
  allRows: 'all',
  /** @param {string} condition @param {string} rows @param {string} said */
  node: (condition, rows, said) => `${condition}: ${rows} rows, ${said}`,
  /** @param {string} name @param {string} threshold */
  isAtMost: (name, threshold) => `${name} at most ${threshold}`,
  /** @param {string} name @param {string} threshold */
  isAbove: (name, threshold) => `${name} above ${threshold}`,
  /** @param {string} name @param {string} categories */
  isOneOf: (name, categories) => `${name} is ${categories}`,
  /** @param {string} name */
  isAnother: (name) => `${name} is another`,
  /** @param {string} name @param {string} part */
  dateIs: (name, part) => `${name} is in ${part}`,
  /** @param {string} name @param {string} part */
  dateIsNot: (name, part) => `${name} is not in ${part}`,
  /** @param {string} condition */
  orMissing: (condition) => `${condition}, or missing`,
};
