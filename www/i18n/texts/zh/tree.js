/** @import {Texts} from '../../text.js' */

/** Texts of drawn trees in Chinese. @type {Texts['tree']} */
export const tree = {
  title: '树如何提问',
  number: '第几棵树',
  ofTrees: (trees) => `共 ${trees} 棵`,
  probabilities: '到达每个问题的训练行数，以及它们给出的概率。',
  adds: (name) => `到达每个问题的训练行数，以及该树为 ${name} 增加的值。`,
  logarithm: (name) => `${name} 的自然对数`,
  means: (name) => `到达每个问题的训练行数，以及它们的 ${name} 均值。`,
  allRows: '全部',
  node: (condition, rows, said) => `${condition}：${rows} 行，${said}`,
  isAtMost: (name, threshold) => `${name} 不超过 ${threshold}`,
  isAbove: (name, threshold) => `${name} 大于 ${threshold}`,
  isOneOf: (name, categories) => `${name} 为 ${categories}`,
  isAnother: (name) => `${name} 为其他`,
  dateIs: (name, part) => `${name} 属于 ${part}`,
  dateIsNot: (name, part) => `${name} 不属于 ${part}`,
  orMissing: (condition) => `${condition}，或缺失`,
};
