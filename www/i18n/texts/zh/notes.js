/** What the engine has in gaps in English. @type {Record<string, string>} */
const WORDS = {
  lists: '列表', records: '记录', bytes: '字节', intervals: '时间间隔', 'an array': '数组', 'an object': '对象',
};

const word = (/** @type {string} */ english) => WORDS[english] ?? english;

/** In how many rows words stand: `"n/a" in 12 rows`. @param {string} words */
const inRows = (words) => words.replaceAll(/ in (\d+) rows?/g, '（$1 行）').replaceAll('an empty cell', '空单元格');

/** How numbers were read: `"7kg" as 7`. @param {string} read */
const readings = (read) => read.replaceAll('" as ', '" 读作 ');

/**
 * What the engine notes, by its codes, in Chinese. The parameters are those of the English sentence, in their order.
 *
 * @type {Record<string, (...parameters: string[]) => string>}
 */
export const notes = {
  unnamed_features: () => '文件没有特征名称，因此命名为 f0、f1 等；可用 --names 指定',
  numbered_classes: () => '文件没有类别名称，因此记为 0、1 等；可用 --classes 指定',
  numbered_categories: (name) => `列“${name}”：文件没有取值名称，因此数据行须使用原工具从 0 起的编号`,
  best_iteration: (used, all) => `共 ${all} 棵树，使用最佳迭代为止的 ${used} 棵，与 scikit-learn 接口一致；--all-trees 使用全部`,
  unknown_ranges: () => '文件没有说明部分特征的取值范围；表单先按 -1 到 1 显示，可用 --range 说明',
  different_labels: (count) => `在给定的 ${count} 行上，原模型给出的类别不是概率最高的类别；这里给出概率最高的类别`,
  shares_of_classes: (tool) => `${tool} 的概率已除以其总和`,
  kept_rows: (rows) => `导出的文件含有 ${rows} 行给定的数据`,
  has_training_rows: (count) => `模型含有 ${count} 个支持向量，它们是训练表格中的行`,
  agrees_with_source: (tool, proof, given, difference) =>
    `在由特征生成的 ${proof} 行和给定的 ${given} 行上与 ${tool} 一致，相差不超过 ${difference}`,
  newer_source: (tool, version, newest) => `文件来自 ${tool} ${version}；与原工具的预测核对过的版本到 ${newest} 为止`,
  read_with_semicolons: () => '单元格按分号分隔读取',
  read_with_tabs: () => '单元格按制表符分隔读取',
  read_with_bars: () => '单元格按竖线分隔读取',
  read_with_decimal_comma: () => '数值按逗号小数点读取：1,5 即一点五',
  read_without_header: () => '第一行像是数据，因此各列命名为 column_1、column_2 等',
  read_as_latin_1: (row) => `第 ${row} 行不是 UTF-8，该行及类似的行按 Latin-1 读取；为稳妥起见，请将文件存为 UTF-8`,
  unnamed_first_column: () => '第一列没有名称，只是行号，已略去',
  unnamed_last_column: () => '最后一列没有名称也没有内容，已略去',
  unnamed_empty_column: () => '有一列没有名称也没有内容，已略去',
  unnamed_empty_columns: () => '有几列没有名称也没有内容，已略去',
  written_numbers: (column, read) => `列“${column}”：数值按人们的写法读取，${readings(read)}`,
  missing_words: (column, words) => `列“${column}”在写有 ${inRows(words)} 处视为缺失`,
  missing_words_of_columns: (columns, words) => `列 ${columns} 在写有 ${inRows(words)} 处视为缺失`,
  unread_dates: (column, cell) => `列“${column}”：“${cell}”等单元格像日期，但按文本读取；请把日期写成 2024-05-31 的形式`,
  date_order: (column, here, trained) =>
    `列“${column}”的日期在这里读作 ${here}，在训练表中读作 ${trained}（都是 2024 年 5 月 31 日）`,
  pandas_index: (column) => `列“${column}”是 pandas 写入的索引，已略去`,
  unread_column: (column, holds) => `列“${column}”的内容是${word(holds)}，已略去`,
  nested_values: (column, found, rows) => `列“${column}”有 ${rows} 行是${word(found)}，且没有其他值，已略去`,
  name_not_in_all: (name, lines, rows) => `“${name}”只出现在 ${rows} 行中的 ${lines} 行，其余视为缺失`,
  names_not_in_all: (count) => `有 ${count} 列并非每行都有，没有处视为缺失`,
  sheet: (sheet, others) => `读取了工作表“${sheet}”，未读取 ${others}；可用 --sheet 另选`,
  durations: (cell) => `单元格 ${cell} 等处的时长按天数读取：36 小时为 1.5`,
  one_row_without_target: (target) => `有 1 行没有目标“${target}”的值，已略去`,
  rows_without_weight: (rows) => `略去了权重为 0 的 ${rows} 行`,
  rows_without_target: (rows, target) => `有 ${rows} 行没有目标“${target}”的值，已略去`,

  identifier: () => '标识',
  sentences: () => '句子',
  all_missing: () => '所有单元格都缺失',
  all_numbers: () => '所有单元格都是数值',
  present_numbers: () => '未缺失的单元格都是数值',
  mostly_numbers: () => '多数单元格是数值',
  all_dates: () => '所有单元格都是日期',
  present_dates: () => '未缺失的单元格都是日期',
  mostly_dates: () => '多数单元格是日期',
  all_one_number: (value) => `所有单元格都是 ${value}`,
  present_one_number: (value) => `未缺失的单元格都是 ${value}`,
  all_one_text: (value) => `所有单元格都是“${value}”`,
  present_one_text: (value) => `未缺失的单元格都是“${value}”`,
  all_two_texts: (one, other) => `所有单元格都是“${one}”或“${other}”`,
  present_two_texts: (one, other) => `未缺失的单元格都是“${one}”或“${other}”`,
  numbered_rows: () => '列名如此，且每行各有一个整数',
  numbered_first_rows: (rows) => `列名如此，且前 ${rows} 行各有一个整数`,
  too_many_texts: (most) => `不同的文字超过 ${most} 种`,
  own_texts: () => '每行的文字各不相同',
  nearly_own_texts: (texts, rows) => `${rows} 行中有 ${texts} 种文字：几乎每行各不相同`,
  free_text: (texts, rows) => `自由文字：${rows} 行中有 ${texts} 种由多个词组成的文字`,
  different_texts: (texts) => `${texts} 种文字`,

  many_categories: (column, categories, rows) =>
    `列“${column}”在 ${rows} 行中有 ${categories} 个类别，对每个类别所知甚少；请略去该列，或合并少见的类别`,
  twins: (column, twins) => `${column}：${twins} 拼写几乎相同，但仍视为不同`,
  leading_zeros: (column, cell) => `列“${column}”：“${cell}”之类的单元格按数值读取；若是编号，请设为类别；目标列请用 --task classification`,
  unread_numbers: (column, cell) =>
    `列“${column}”：“${cell}”之类的单元格以数字开头，但按类别读取；数值请只写数字，日期请写作 2024-05-31`,
  digit_codes: (column, cell) => `“${column}”列：“${cell}”等单元格当作数值会丢失数字，因此整列按文本读取；如果是数值，请指明（--number）`,
  digit_classes: (target, cell) => `目标“${target}”：“${cell}”等单元格当作数值会丢失数字，因此全部按类别读取；如果是数值，请指明（--task regression）`,
  date_digits: (column, value) => `列“${column}”：${value} 之类的数值像是日期；请按日期读取（--date），或写作 2024-05-31`,

  nearly_dependent_columns: (columns) =>
    `列 ${columns} 与前面各列的线性组合相差不到百万分之一，任何拟合都无法区分，因此没有系数；请略去这些列`,
  dependent_columns: (rows, columns) =>
    `在这 ${rows} 行中，列 ${columns} 是其前面各列的线性组合，因此许多组系数给出相同的预测；采用了其中范数最小的一组`,
  learner_taken: (taken, other, folds, figure, value, others) =>
    `采用了 ${taken}，而不是 ${other}：${folds} 折上其 ${figure} 为 ${value}，另一种为 ${others}`,
  learner_not_compared: (learner, reason) => `${learner} 未参与比较：${reason}`,
  unscored_row_of_folds: () => '各折中有 1 行未评分，因为其类别或缺失值在其他折中没有',
  unscored_rows_of_folds: (rows) => `各折中有 ${rows} 行未评分，因为其类别或缺失值在其他折中没有`,
  figures_of_fewer_folds: (figures, folds, all) => `${figures}：只来自 ${all} 折中的 ${folds} 折，在其余各折中没有值`,
  fewer_levels: (level) => `各折的行数太少，无法给出 ${level}% 及以上的区间或集合，因此预测不带这些`,

  many_classes: () => '类别多于两个',
  not_at_optimum: () => '拟合未达到最优',
  not_determined: () => '有些列取决于其他列，因此其系数无法确定',
  weighted_rows: () => '各行有权重：权重与偶然性的关系未知',
  weighted_classes: () => '各类别有权重',
  many_columns: () => '列数过多',
  few_rows_for_columns: () => '行数不多于系数个数',
  redundant_columns: () => '有些列在其他列之外没有信息，因此其系数随偶然因素变动',
  penalty_decides: () =>
    '惩罚项决定了某些系数的二十分之一以上，其误差会显得过小；若要全部误差，请将 l2 设为 0，并去掉每个类别列的第一个类别',

  as_asked: () => '按要求设定',
  youden: () => '灵敏度与特异度之和最大（约登指数）',
  f1: () => '阳性类别的 F1 最大',
  sensitivity: (least) => `灵敏度至少 ${least} 时特异度最大`,
  specificity: (least) => `特异度至少 ${least} 时灵敏度最大`,
  cost: (positive, negative) => `假阳性代价为 ${positive}、假阴性代价为 ${negative} 时总代价最低`,

  few_rows: (rows, accuracy, low, high) => `只有 ${rows} 行：${accuracy} % 的准确率可能是 ${low} 到 ${high} %`,
  few_rows_of_numbers: (rows) => `只有 ${rows} 行：在其他行上误差可能大不相同`,
  few_rows_of_class: (name, rows) => `类别“${name}”只有 ${rows} 行可供检验`,
  few_rows_of_one_more: (rows) => `另有 1 个类别可供检验的行少于 ${rows} 行`,
  few_rows_of_more: (classes, rows) => `另有 ${classes} 个类别可供检验的行少于 ${rows} 行`,
  coverage_short: (level, share) => `${level}% 的范围或集合只在 ${share}% 的行中包含真值`,
  not_better: (answer, right, rows, others) => `不优于总是回答“${answer}”：${rows} 行中对 ${right} 行，后者对 ${others} 行`,
  worse_probabilities: () => '概率不如总是回答各类别在训练行中的比例（对数损失）',
  not_better_than_mean: () => '不优于总是回答训练行的平均值（均方根误差）',
  not_better_than_constant: (loss) => `不优于总是回答同一个数（损失 ${loss}）`,
  loss_not_defined: (loss) => `损失 ${loss} 对这些行的某个目标值没有定义，因此不给出其均值`,
  unscored_row: () => '有 1 行未评分，因为其类别或缺失值在训练行中没有',
  unscored_rows: (rows) => `有 ${rows} 行未评分，因为其类别或缺失值在训练行中没有`,
};
