import { cases } from './cases.js';
import { train } from './train.js';
import { tree } from './tree.js';

export { noteCodes } from './notes.js';

/** Texts in English that come after the first answer. */
export const later = {
  ...cases,
  page: {
    oneFile: (/** @type {string} */ name) => `One file is taken at a time: “${name}”. Drop the others one by one.`,
    private: 'Tables and models stay on this device.',
    welcome: 'A table in, a calculator out.',
    begin: 'Train one on your own table, or on a sample.',
    lead: 'Prediction models for tables, trained and run on this device: nothing leaves it unless you switch the server on.',
    toPredict: 'Predict',
    toRows: 'Many rows',
    toTrain: 'Train',
    toModel: 'Model',
    askServer: 'Ask the server instead',
    serverNotice: 'The values you enter are sent to the server while this is on.',
    noModel: 'none',
    compare: 'Compare with the server',
    compareNotice: 'Sends the values entered to the server, and computes them here as well.',
    comparing: 'Asking both…',
    parityCaption: 'The same row, computed twice',
    thisDevice: 'This device',
    theServer: 'The server',
    digest: 'Digest of the model file',
    prediction: 'Prediction',
    updateHint: 'This reloads the page. Save a model trained here first.',
    updateNow: 'Use it now',
    engineTitle: 'Predictions cannot be computed on this device',
    reload: 'Reload the page',
    serverOffer: 'A server can compute them instead. The values that you enter then go to it; until you press the button, none do.',
    serverChecking: 'Asking the server which model it has…',
    serverSame: 'The server has the same model file as this page.',
    /** @param {string} theirs @param {string} ours */
    serverOther: (theirs, ours) =>
      `The server has another model, ${theirs}; this page has ${ours}. Answers may differ.`,
    paritySame: 'The same in every bit.',
    /** @param {string} difference */
    parityDifference: (difference) => `The largest difference is ${difference}.`,
    parityOtherModels: 'The two have different model files, so their answers may differ.',
    parityOtherClasses: 'The two answers cannot be compared: they do not have the same classes.',
    /** @param {string} reason */
    parityFailed: (reason) => `They could not be compared. ${reason}.`,
    updateReady: 'A new version is ready. It is used when all tabs of this page are closed.',
    updateWanted: 'A new version is ready, and another tab waits for this one to change to it too.',
    updateAgreed: 'The new version is used as soon as the other tabs of this page agree or are closed.',
    engineChecking: 'Finding out why…',
    engineNoWebAssembly:
      'This browser has no WebAssembly, or it is switched off, as in some protected modes. Switch it on for this page, or use another browser.',
    engineNoSimd:
      'This browser has WebAssembly without vector instructions (SIMD). Browsers have them since 2023: bring it up to date.',
    enginePolicy:
      'A Content-Security-Policy refuses WebAssembly. The site\'s owner has to send script-src \'self\' \'wasm-unsafe-eval\' with the page and with pkg/page/worker.js.',
    /** @param {string} file @param {number} status */
    engineMissing: (file, status) =>
      `The file ${file} is missing: the server answered ${status}. The site's owner has to put it there.`,
    /** @param {string} file @param {string} type */
    engineNotWasm: (file, type) =>
      `The file ${file} is not WebAssembly: the server sent something else (${type}), perhaps a page of its own. The site's owner has to put the file there.`,
    /** @param {string} file @param {string} type */
    engineNotScript: (file, type) =>
      `The file ${file} is not served as JavaScript (${type}), so the browser refuses it. The site's owner has to send it as text/javascript.`,
    /** @param {string} file */
    engineDamaged: (file) =>
      `The file ${file} is damaged, or needs a newer browser. Reload the page. If that does not help, update the browser.`,
    engineOffline: 'The network is cut and the page is not stored on this device. Connect once and reload it.',
    /** @param {string} file */
    engineUnreachable: (file) => `The file ${file} cannot be fetched. Check the connection and reload the page.`,
    engineUnknown: 'The cause is not known. Reload the page, or use another browser.',
    /** @param {string} message */
    engineMessage: (message) => `The browser says: ${message}`,
  },
  rows: {
    title: 'Predict many rows',
    intro:
      'Drop a file of rows here, or choose one: CSV, Excel, Parquet or JSON lines. It stays on this device: its rows are predicted here, also while ' +
      'the server is switched on.',
    choose: 'Choose a file of rows',
    noModel: 'No model is open yet. Train one or open one; a file chosen now waits for it.',
    unreadable: (/** @type {string} */ name, /** @type {string} */ reason) => `“${name}” could not be read. ${reason}.`,
    waiting: (/** @type {string} */ name) => `${name} waits for a model.`,
    reading: (/** @type {string} */ name) => `Looking at ${name}…`,
    found: (/** @type {string} */ name, /** @type {number} */ columns) =>
      `${name}: ${columns} column${columns === 1 ? '' : 's'}.`,
    scoring: (/** @type {string} */ name) => `Predicting the rows of ${name}…`,
    scored: (/** @type {string} */ name, /** @type {number} */ rows, /** @type {number} */ refused) =>
      `${name}: done with ${rows.toLocaleString('en')} row${rows === 1 ? '' : 's'}, ` +
      `${refused === 0 ? 'none' : refused.toLocaleString('en')} refused.`,
    stopped: (/** @type {number} */ rows) =>
      `Stopped after ${rows.toLocaleString('en')} row${rows === 1 ? '' : 's'}. Nothing of them is kept.`,
    notes: 'What was noticed in the file',
    matchingTitle: 'Which column each feature is read from',
    matched: (/** @type {number} */ features) =>
      features === 1 ? 'The feature has a column' : `All ${features} features have a column`,
    unmatched: (/** @type {number} */ features) =>
      features === 1 ? '1 feature has no column' : `${features} features have no column`,
    unmatchedHint: (/** @type {number} */ features) =>
      `Rows can be predicted once ${features === 1 ? 'the feature without a column has' : 'all features have'} one.`,
    feature: 'Feature',
    readFrom: 'Read from column',
    noColumn: 'no column',
    use: (/** @type {string} */ column) => `Use “${column}”`,
    moreFeatures: (/** @type {number} */ features) =>
      `${features} more feature${features === 1 ? ' is' : 's are'} not listed.`,
    previewTitle: 'First rows',
    row: 'Row',
    readAs: (/** @type {string} */ feature) => `read as ${feature}`,
    prediction: 'Prediction',
    noPrediction: 'none',
    moreColumns: (/** @type {number} */ columns) =>
      `${columns} more column${columns === 1 ? ' is' : 's are'} not shown.`,
    problemTitle: 'Cells that stop a prediction',
    problem: (/** @type {number} */ row, /** @type {string | null} */ column, /** @type {string} */ message) =>
      column === null ? `Row ${row}: ${message}` : `Row ${row}, “${column}”: ${message}`,
    moreProblems: (/** @type {number} */ cells) => `And ${cells} more.`,
    run: 'Predict all rows',
    stop: 'Stop',
    download: 'Download the predictions',
    remove: 'Remove the file',
    progressLabel: 'Rows predicted',
    progress: (/** @type {number} */ share, /** @type {number} */ rows, /** @type {number} */ refused) =>
      `${Math.floor(share * 100)} %, ${rows.toLocaleString('en')} row${rows === 1 ? '' : 's'}` +
      `${refused === 0 ? '' : `, ${refused.toLocaleString('en')} refused`}`,
    truthTitle: (/** @type {string} */ target) => `Compared with the ${target} of these rows`,
    truthHint: 'If the model was trained on some of these rows, it looks better here than it is.',
    notCompared: (/** @type {string} */ reason) => `The predictions cannot be compared with it: ${reason}.`,
    withoutTarget: (/** @type {number} */ rows) => `${rows} row${rows === 1 ? ' has' : 's have'} no value of it and ${rows === 1 ? 'is' : 'are'} left out.`,
    outside: 'With a number outside training',
    summaryTitle: 'Predictions of all rows',
    count: (/** @type {number} */ rows) => rows.toLocaleString('en'),
    rowsRead: 'Rows',
    refused: 'Refused',
    imputed: 'With a value filled in',
    minimum: 'Smallest value',
    mean: 'Mean',
    maximum: 'Largest value',
    classesTitle: 'How often each class is predicted',
    class: 'Class',
    share: 'Share',
    moreClasses: (/** @type {number} */ classes) => `${classes} more class${classes === 1 ? '' : 'es'}.`,
    refusals: (/** @type {number} */ listed, /** @type {number} */ refused) =>
      listed < refused
        ? `Why rows were refused: the first ${listed} of ${refused.toLocaleString('en')}`
        : 'Why rows were refused',
    column: 'Column',
    reason: 'Reason',
  },
  read: {
    readAs: (/** @type {string} */ parts) => `Read as: ${parts}`,
    notRead: (/** @type {string} */ name) => `How ${name} is read`,
    delimiters: { comma: 'commas', semicolon: 'semicolons', tab: 'tabs', bar: 'vertical bars' },
    parquet: 'Parquet',
    jsonLines: 'JSON lines',
    sheetNamed: (/** @type {string} */ name) => `sheet “${name}”`,
    sheet: 'Sheet',
    separatedBy: (/** @type {string} */ character) => `“${character}” between cells`,
    decimalPoint: 'decimal point',
    decimalComma: 'decimal comma',
    headerIn: (/** @type {number} */ row) => `header in row ${row}`,
    noHeader: 'no header',
    leftOut: (/** @type {number} */ lines) => (lines === 1 ? 'first line left out' : `first ${lines} lines left out`),
    missingAre: (/** @type {string} */ words) => `missing: ${words}`,
    automatic: 'automatic',
    automaticFound: (/** @type {string} */ found) => `automatic (${found})`,
    delimiter: 'Cells are separated by',
    comma: 'comma',
    semicolon: 'semicolon',
    tab: 'tab',
    bar: 'vertical bar',
    otherCharacter: 'another character',
    character: 'Character between cells',
    decimal: 'Decimal sign',
    point: 'point',
    header: 'Header row',
    yes: 'yes',
    no: 'no',
    skip: 'Lines above the header',
    missing: 'Words for a missing value',
    missingHint: 'Separated by commas. They take the place of the words that are taken by themselves. An empty cell is always missing.',
    caution: 'Caution: ',
    warning: 'Warning: ',
    control: (/** @type {string} */ name) => `“${name}”`,
    controlSet: (/** @type {string} */ name, /** @type {string} */ choice) => `“${name}: ${choice}”`,
  },
  kept: {
    title: 'Kept in this browser',
    hint: 'Models that you train or open, the last table with its settings, and the last case. They do not leave this device.',
    none: 'Nothing is kept yet.',
    open: 'Open',
    isOpen: 'In use',
    delete: 'Delete',
    openIt: (/** @type {string} */ name) => `Open ${name}`,
    deleteIt: (/** @type {string} */ name) => `Delete ${name}`,
    deleteAll: 'Delete all of it',
    sureAll: 'Delete all models, the table and the case that this browser keeps for the page?',
    facts: (/** @type {string} */ target, /** @type {string} */ moment, /** @type {string} */ size) => `predicts ${target}, ${moment}, ${size}`,
    total: (/** @type {string} */ size) => `${size} in all`,
    refused: (/** @type {string} */ reason) => `The browser does not keep this: ${reason}. Save the model file before you leave.`,
    newer: 'A newer version of this page keeps models here: reload the page. Save the model file before you do.',
    tableFacts: (/** @type {string} */ size) => `the last table, ${size}`,
    lastCase: (/** @type {string} */ model) => `Last case of ${model}`,
    gone: (/** @type {string} */ name) => `The model “${name}” is not kept any more: open its file.`,
    noStorage: 'it has no storage for pages',
    goOnWith: (/** @type {string} */ names) => `You were here before, with ${names}.`,
    goOn: 'Continue',
    notNow: 'Not now',
  },
  train,
  plots: {
    title: 'Plots',
    asTable: 'Show the data as a table',
    download: 'Download as SVG',
    drawing: 'Drawing…',
    failed: 'The plots could not be loaded. The tables under them hold the same numbers.',
    everyNth: (/** @type {number} */ shown, /** @type {number} */ all) =>
      `${shown} of ${all} points, evenly spread.`,
    roc: 'ROC curve',
    rocLabel: (/** @type {string} */ positive, /** @type {string} */ auc) =>
      `ROC curve for ${positive}: the share of ${positive} that is found against the share of others that is flagged too. AUC ${auc}; 0.5 would be chance.`,
    falsePositiveRate: 'false positive rate',
    truePositiveRate: 'true positive rate (sensitivity)',
    threshold: 'threshold',
    chosen: (/** @type {string} */ threshold) => `threshold ${threshold}`,
    chance: 'chance',
    precisionRecall: 'Precision and recall',
    precisionRecallLabel: (/** @type {string} */ positive, /** @type {string} */ average) =>
      `Precision against recall for ${positive}. Average precision ${average}.`,
    recall: 'recall',
    precision: 'precision',
    calibration: 'Calibration',
    calibrationLabel: (/** @type {string} */ positive, /** @type {string} */ brier, /** @type {string} */ logLoss) =>
      `How often ${positive} came true against how probable the model said it is; on the dashed line both agree. Brier score ${brier}, log loss ${logLoss}.`,
    meanPredicted: 'mean predicted probability',
    fractionPositive: 'share that came true',
    rows: 'rows',
    equalWidth: 'parts of equal width',
    equalRows: 'parts of equal size',
    parts: 'Parts',
    residuals: 'Residuals',
    residualsLabel: (/** @type {string} */ target) =>
      `Quantiles of the residuals, true less predicted ${target}, on the rows held out; dashed without features.`,
    percentOfRows: 'percent of rows below',
    residual: 'residual',
    thisModel: 'this model',
    withoutFeatures: 'without features',
    coefficients: 'Coefficients',
    coefficientsLabel: (/** @type {string} */ subject, /** @type {string} */ largest) =>
      `What one standard deviation more of each column does to the score of ${subject}, with 95 % intervals where there are any. The largest is of ${largest}.`,
    coefficientsMost: (/** @type {number} */ shown, /** @type {number} */ all) =>
      `The ${shown} largest of ${all} are drawn.`,
    withheld: (/** @type {string} */ reason) => `Intervals are withheld: ${reason}.`,
    hollow: 'Hollow: the interval holds 0.',
    scoreOf: 'Score of',
    perDeviation: 'per standard deviation',
    perUnit: 'per unit',
    oddsRatio: 'odds ratio per unit',
    interval: '95 % interval per unit',
    columnName: 'column',
    boundary: 'Predictions over two features',
    boundaryLabel: (/** @type {string} */ x, /** @type {string} */ y) =>
      `What the model predicts over ${x} and ${y}, the other features held, and training rows.`,
    across: 'Across',
    upward: 'Upward',
    others: 'Other features',
    othersTypical: 'as they typically are',
    othersEntered: 'as entered in the form',
    crosshair: 'Point in the plot; arrow keys move it',
    crosshairHint: 'Drag in the plot, or move the point with the arrow keys: what is predicted there is said below it.',
    reading: (/** @type {string} */ x, /** @type {string} */ y, /** @type {string} */ answer) => `${x}, ${y}: ${answer}`,
    boundaryFailed: 'The predictions could not be computed.',
    paler: 'The paler, the less sure. Shapes: training rows by class.',
    palerValues: 'The darker, the larger. Dots: training rows.',
    probability: 'probability',
  },
  tree,
};
