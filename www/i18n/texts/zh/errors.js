/**
 * What went wrong, by the engine's words for it (`ErrorKind` there) and the page's own, in Chinese. The message with what
 * was found and a remedy follows in English.
 *
 * @type {Record<string, string>}
 */
export const errors = {
  empty: '没有可用的表头或数据行',
  ragged_row: '此行的单元格数与表头不一致',
  encoding: '文件的编码或格式无法读取',
  bad_header: '表头有误：列名重复或缺失',
  unknown_column: '表中没有所指的列',
  missing_value: '需要值的地方是空的',
  not_a_number: '需要数值或日期的地方不是数值或日期',
  unseen_category: '训练数据中没有这个类别',
  not_scored: '有些行无法预测',
  not_finite: '数值过大，或不是有限的数',
  constant_target: '要预测的列在所有行中都相同',
  invalid_weight: '样本权重有误',
  too_few_rows: '行数太少',
  no_features: '没有可用来学习的列',
  invalid_option: '选项有误',
  not_converged: '训练未能达到最优',
  fit_failed: '训练失败',
  missing_feature: '此行缺少模型需要的特征',
  unknown_feature: '模型没有这个特征',
  wrong_length: '值的个数与模型的特征数不符',
  not_a_model: '这不是模型文件',
  truncated: '模型文件不完整',
  corrupt: '模型文件已损坏',
  unsupported_version: '模型文件的版本不受支持',
  unsupported_model: '这个外来模型含有 tepal 无法承载的内容',
  old_version: '模型文件是旧版本',
  invalid_model: '模型文件的内容不合理',
  proof_mismatch: '模型算不出文件中记录的结果',
  limit_exceeded: '输入超出限制',
  invalid_request: '请求有误',
  not_found: '找不到',
  method_not_allowed: '不允许这种请求方法',
  unauthorized: '需要有效的密钥',
  forbidden: '此密钥没有权限',
  unsupported_media_type: '不支持这种内容类型',
  timeout: '超时',
  too_many_requests: '请求过多',
  unavailable: '服务暂不可用',
  io: '文件无法读写',
  internal: '程序内部错误',
  crashed: '引擎停止了，已重新启动',
  stopped: '已停止',
  no_worker: '后台线程无法启动',
  share_failed: '读取表格的线程停止了',
};

/** How a message begins that is in Chinese already. */
const CHINESE = /^\p{Script=Han}/u;

/**
 * @param {unknown} error
 * @param {string} sentence its message
 */
export function explained(error, sentence) {
  const { kind = '' } = /** @type {{kind?: string}} */ (error ?? {});
  return Object.hasOwn(errors, kind) && !CHINESE.test(sentence) ? `${errors[kind]}：${sentence}` : sentence;
}
