/**
 * Texts in English that the first answer may need, by the part that says them. What has gaps to fill is a function. The other
 * languages have the same keys; the type checker compares them.
 */
export const first = {
  page: {
    language: 'Language',
    skip: 'Skip to the content',
    parts: 'Parts of this page',
    toPredict: 'Predict',
    toRows: 'Many rows',
    toTrain: 'Train',
    toModel: 'Model',
    lead: 'Prediction models for tables, trained and run on this device: nothing leaves it unless you switch the server on.',
    dismiss: 'Dismiss',
    offlineReady: 'Ready for offline use',
    offlineNow: 'Offline: all files are on this device',
    offlinePredicts: 'Predicts offline; other parts do once they were used',
    offlineNowPredicts: 'Offline: predicts here; parts not used before need the network',
    offlineNotStored: 'Offline: do not close this page, its files are not stored',
    onlinePending: 'Online: not stored for offline use yet',
    onlineUnsupported: 'Online: cannot be stored for offline use',
    restarted: 'The engine stopped and was started again. The model in use is open again.',
    incomplete: (/** @type {string} */ reason) => `Parts of the page could not be loaded (${reason}). Reload it.`,
    languageFailed: 'The words of this language could not be loaded',
    /** @param {string} name @param {string} reason @param {boolean} isKept */
    notOpened: (name, reason, isKept) =>
      `“${name}” could not be opened. ${reason}.${isKept ? ' The model in use is kept.' : ''}`,

    askServer: 'Ask the server instead',
    serverNotice: 'The values you enter are sent to the server while this is on.',
    noModel: 'none',
    serverUnreachable: 'the server cannot be reached',
    /** @param {string} why */
    noServer: (why) => `no tepal server answers at this address (${why})`,
    noPrediction: 'it sent no prediction',
    noModelNamed: 'it did not say which model it has',
    noDescription: 'it does not describe its model, so there is no form to fill in',
    /** @param {number} status */
    foreignStatus: (status) => `status ${status}, not in tepal's format`,

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
  },
  number: {
    empty: 'Enter a number.',
    readAs: /** @param {string} value @param {string} more */ (value, more) => `Read as ${value}.${more && ` ${more}`}`,
    thousands: /** @param {string} typed @param {string} decimal @param {string} whole */ (typed, decimal, whole) =>
      `“${typed}” could be ${decimal} or ${whole}: enter one of these.`,
    separators: /** @param {string} typed */ (typed) =>
      `“${typed}” has more than one comma or point: keep the one before the decimals.`,
    notANumber: /** @param {string} typed */ (typed) =>
      `“${typed}” is not a number: enter digits with at most one comma or point.`,
    between: /** @param {string} from @param {string} to */ (from, to) => `Enter a number from ${from} to ${to}.`,
    range: /** @param {string} typed */ (typed) => `“${typed}” is beyond what can be computed with: check its exponent.`,
  },
  predict: {
    title: 'Predict',
    titleOf: /** @param {string} target */ (target) => `Predict ${target}`,
    rangeHint: 'Under each value: the range the model was trained on.',
    omitted: /** @param {number} count */ (count) =>
      `${count} more feature${count === 1 ? '' : 's'} stay as they typically are in training.`,
    reset: 'Back to typical values',
    examples: 'Example cases',
    typicalCase: 'Typical case',
    lowCase: 'Low case',
    highCase: 'High case',
    examplesHint: 'Low and high: all numbers at the ends of what is usual in training, with the commonest and with the '
      + 'rarest categories.',

    range: /** @param {string} from @param {string} to */ (from, to) => `${from} to ${to}`,
    always: /** @param {string} value */ (value) => `always ${value}`,
    inTraining: 'In training: ',
    slider: /** @param {string} feature */ (feature) => `${feature}, slider`,
    notKnown: 'not known',
    isNotKnown: /** @param {string} feature */ (feature) => `${feature} is not known`,
    emptyOrUnknown: 'Enter a number, or say that it is not known. The last answer is kept.',
    emptyNotTaken: 'Enter a number: this model takes no missing values here. The last answer is kept.',
    chooseOne: 'Choose one: this model takes no missing values here.',
    outside: /** @param {string} from @param {string} to */ (from, to) =>
      `Outside the training range (${from} to ${to}): take the answer with care.`,
    unusual: /** @param {string} from @param {string} to */ (from, to) =>
      `Unusual in training: nine of ten rows have ${from} to ${to}.`,
    imputed: /** @param {string} fill */ (fill) => `Not known: ${fill} is taken, as in training.`,
    ownCategory: 'Not known: taken as a category of its own, as in training.',

    linkTaken: 'The values are those of the link.',
    otherModelLink: 'This link was made with another model.',
    linkProblems: 'Not everything in the link could be taken. In its place stands what is typical in training.',
    linkProblem: {
      malformed: /** @param {string} part */ (part) => `“${part}” cannot be read`,
      unknownFeature: /** @param {string} feature */ (feature) => `“${feature}” is not a feature of this model`,
      repeated: /** @param {string} feature */ (feature) => `“${feature}” is there twice; the first value is taken`,
      absent: /** @param {string} feature */ (feature) => `“${feature}” is not in the link`,
      notMissing: /** @param {string} feature */ (feature) => `“${feature}” has no value, which this model does not take`,
      notANumber: /** @param {string} feature @param {string} value */ (feature, value) =>
        `“${feature}”: “${value}” is not a number`,
      unseenCategory: /** @param {string} feature @param {string} value */ (feature, value) =>
        `“${feature}”: no training row had “${value}”`,
    },
    moreProblems: /** @param {number} count */ (count) => `and ${count} more`,

    answer: 'Answer',
    where: { device: 'computed on this device', server: 'computed by the server' },
    kept: ' The last answer is kept.',
    noAnswer: /** @param {string} reason */ (reason) => `No new answer. ${reason}.`,
    valueMissing: 'A value is missing.',
    valueUnreadable: 'A value cannot be read.',
    probabilities: 'Probability of each class',
    class: 'Class',
    probability: 'Probability',
    ownThreshold: 'As the model does',
    decided: /** @param {string} said */ (said) => `At this threshold: ${said}.`,
    notMeasured: 'What a threshold does was not measured: the model file has no held-out rows for it.',
    figure: 'Figure',
    rowsColumn: 'Rows',
    shareColumn: 'Share',

    why: 'Why: what each value adds',
    whichScore: 'Score of',
    feature: 'Feature',
    entered: 'Entered',
    adds: 'Adds',
    score: 'score',
    sum: /** @param {string} baseline @param {string} added @param {string} score */ (baseline, added, score) =>
      `Average ${baseline} and contributions ${added} make the score ${score}.`,

    whatIf: 'What if',
    whatIfHint: 'Keep this case, change a value, and see both side by side.',
    differing: 'What differs',
    answers: 'Answers',
    keptColumn: 'Kept',
    nowColumn: 'Now',
    difference: 'Difference',
    points: /** @param {string} difference */ (difference) => `${difference} points`,

    inputs: 'Values entered:',
    modelUnknown: 'Model: the server\'s, of which nothing is known',
    modelLine: /** @param {string} name */ (name) => `Model: ${name}`,
    copyText: 'Copy as text',
    copyLink: 'Copy a link',
    print: 'Print',
    linkHint: 'The values stand after the # of the link. Browsers do not send that part.',
    toCopy: 'Text to copy',
  },
  model: {
    title: 'Model in use',
    save: 'Save the model file',
    savePage: 'Save as a page',
    pageHint: 'As a page: one HTML file that predicts with this model, offline, wherever it is opened.',
    notSaved: (/** @type {string} */ reason) => `The page could not be saved: ${reason}.`,
    open: 'Open a model file',
    dropHint: 'Or drop a .tepal file here.',
    name: 'Name',
    task: 'Task',
    tasks: { classification: 'classification', regression: 'regression' },
    target: 'Target',
    classes: 'Classes',
    heldOutResult: 'Held-out result',
    fit: 'Fit',
    decision: 'Decision',
    dropped: 'Columns left out',
    certificate: 'Certificate',
    digest: 'Digest',
    created: 'Created',
    /** @param {number} rows */
    rows: (rows) => `${rows} row${rows === 1 ? '' : 's'}`,
    /** @param {number} rounds */
    rounds: (rounds) => `${rounds} round${rounds === 1 ? '' : 's'}`,
    /** @param {string} value */
    percent: (value) => `${value} %`,
    /** @param {string} name @param {string} rows */
    classRows: (name, rows) => `${name} (${rows})`,
    separator: ', ',
    /** @param {string} list @param {number} others */
    andMore: (list, others) => `${list}, and ${others} more`,
    /** @param {string} minimum @param {string} maximum @param {string} mean */
    range: (minimum, maximum, mean) => `${minimum} to ${maximum}, mean ${mean}`,
    notMeasured: 'not measured: all rows were trained on',
    notDefined: 'not defined',
    /** @param {number} correct @param {number} rows @param {string} accuracy */
    correctOf: (correct, rows, accuracy) => `${correct} of ${rows} (${accuracy})`,
    /** @param {string} rSquared @param {string} rmse @param {string} rows */
    regressionResult: (rSquared, rmse, rows) => `R² ${rSquared}, RMSE ${rmse} on ${rows}`,
    /** @type {Record<string, string>} names of figures that are not here are shown as they are */
    figures: {
      accuracy: 'accuracy',
      balancedAccuracy: 'balanced accuracy',
      macroF1: 'macro F1',
      logLoss: 'log loss',
      brierScore: 'Brier score',
      auc: 'AUC',
      macroAuc: 'macro AUC',
      averagePrecision: 'average precision',
      rSquared: 'R²',
      meanAbsoluteError: 'mean absolute error',
      rootMeanSquaredError: 'root mean squared error',
    },
    /** @param {string} name @param {string} value */
    figure: (name, value) => `${name} ${value}`,
    /** @param {string} gradient @param {number} tolerance */
    certified: (gradient, tolerance) =>
      `Optimum certified: the gradient left is ${gradient} of the data's scale (limit ${tolerance})`,
    /** @param {string} gradient @param {number} tolerance */
    notCertified: (gradient, tolerance) =>
      `Not at the optimum: the gradient left is ${gradient} of the data's scale (limit ${tolerance})`,
    noPenalty: 'no penalty',
    /** @param {string} l2 @param {string} scale */
    penalty: (l2, scale) => `penalty ${l2}${scale}`,
    scales: {
      standard: '', minmax: ' on ranges', robust: ' on interquartile ranges', none: ' on the columns as they are',
    },
    noIntercept: 'no intercept',
    balanced: 'all classes count the same',
    /** @param {string} column */
    weightedBy: (column) => `rows weighted by ${column}`,
    /** @param {string} version @param {string} solver @param {string} rounds empty where it is not known */
    toolUsed: (version, solver, rounds) => `tepal ${version}, solver ${solver}${rounds && ` (${rounds})`}`,
    notRecorded: 'not recorded',
    ownCategory: 'a category of its own',
    /** @param {string} feature @param {string} fill */
    taken: (feature, fill) => `${feature}: ${fill}`,
  },
};
