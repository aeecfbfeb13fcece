/**
 * Every text of the page in English, by the part of the page that says it. What has gaps to fill is a function.
 * `zh.js` has the same keys; the type checker compares them.
 */
export const en = {
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
    incomplete: (/** @type {string} */ reason) => `Parts of the page could not be loaded (${reason}). Load it anew.`,
    languageFailed: 'The words of this language could not be loaded',
    /** @param {string} name @param {string} reason @param {boolean} isKept */
    notOpened: (name, reason, isKept) =>
      `“${name}” could not be opened. ${reason}.${isKept ? ' The model in use is kept.' : ''}`,
    /** @param {string} name @param {string} reason @param {string} kept the table before, if there is one */
    notRead: (name, reason, kept) => `“${name}” could not be read. ${reason}.${kept && ` ${kept} is kept.`}`,

    askServer: 'Ask the server instead',
    serverNotice: 'The values you enter are sent to the server while this is on.',
    serverChecking: 'Asking the server which model it has…',
    serverSame: 'The server has the same model file as this page.',
    /** @param {string} theirs @param {string} ours */
    serverOther: (theirs, ours) =>
      `The server has another model, ${theirs}; this page has ${ours}. Answers may differ.`,
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
    updateHint: 'That loads this page anew: save a model trained here first.',
    updateNow: 'Use it now',

    engineTitle: 'Predictions cannot be computed on this device',
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
      `The file ${file} is damaged, or needs a newer browser. Load the page anew; if that does not help, bring the browser up to date.`,
    engineOffline: 'The network is cut and the page is not stored on this device. Connect once and load it anew.',
    /** @param {string} file */
    engineUnreachable: (file) => `The file ${file} cannot be fetched. Look at the connection and load the page anew.`,
    engineUnknown: 'It could not be found out why. Load the page anew, or use another browser.',
    /** @param {string} message */
    engineMessage: (message) => `The browser says: ${message}`,
    reload: 'Load the page anew',
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

    outOfHundred: /** @param {number} are @param {number} not @param {string} positive */ (are, not, positive) =>
      `About ${are} of 100 like this are ${positive}; ${not} are not.`,
    fewerThanOne: /** @param {string} positive */ (positive) => `Fewer than 1 of 100 like this are ${positive}.`,
    allButOne: /** @param {string} positive */ (positive) => `More than 99 of 100 like this are ${positive}.`,

    fromWhich: /** @param {string} positive */ (positive) => `From which probability on to say ${positive}`,
    ownThreshold: 'As the model does',
    decided: /** @param {string} said */ (said) => `At this threshold: ${said}.`,
    modelSays: /** @param {string} threshold @param {string} said */ (threshold, said) =>
      ` The model itself decides at ${threshold} and says ${said}.`,
    measuredAt: /** @param {string} threshold */ (threshold) => `On held-out rows, with the threshold at ${threshold}`,
    notMeasured: 'What a threshold does was not measured: the model file has no held-out rows for it.',
    belowMeasured: 'For so low a threshold the model file has no held-out figures.',
    figure: 'Figure',
    rowsColumn: 'Rows',
    shareColumn: 'Share',
    sensitivity: 'Sensitivity',
    specificity: 'Specificity',
    positiveValue: 'Positive predictive value',
    negativeValue: 'Negative predictive value',
    meaning: {
      sensitivity: /** @param {string} positive */ (positive) => `of the rows that are ${positive}, those called so`,
      specificity: /** @param {string} positive */ (positive) => `of the rows that are not ${positive}, those not called so`,
      positiveValue: /** @param {string} positive */ (positive) => `of the rows called ${positive}, those that are`,
      negativeValue: /** @param {string} positive */ (positive) => `of the rows not called ${positive}, those that are not`,
    },
    partOf: /** @param {number} part @param {number} whole */ (part, whole) => `${part} of ${whole}`,

    why: 'Why: what each value adds',
    whichScore: 'Score of',
    predictedClass: 'the predicted class',
    feature: 'Feature',
    entered: 'Entered',
    adds: 'Adds',
    average: 'average',
    score: 'score',
    moreSteps: /** @param {number} count */ (count) => `${count} more`,
    sum: /** @param {string} baseline @param {string} added @param {string} score */ (baseline, added, score) =>
      `Average ${baseline} and contributions ${added} make the score ${score}.`,
    logOdds: /** @param {string} positive */ (positive) => `Log-odds of ${positive}; 0 is a probability of 50 %`,
    logOddsBefore: /** @param {string} positive */ (positive) => `Log-odds of ${positive}, before calibration`,
    scoreOf: /** @param {string} label */ (label) => `Score of ${label}`,
    inTargetUnits: /** @param {string} target */ (target) => `In units of ${target}`,
    explainedHere: 'Explained by the model on this device, also while the server answers.',

    whatIf: 'What if',
    whatIfHint: 'Keep this case, change a value, and see both side by side.',
    keepCase: 'Keep this case',
    letGo: 'Let go',
    sameCase: 'The case entered is the one kept: change a value.',
    moreDiffer: /** @param {number} count */ (count) => `${count} more values differ.`,
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
    linkHint: 'The link holds the values after a #, which browsers send to nobody.',
    textCopied: 'Copied as text.',
    linkCopied: 'Link copied.',
    copyByHand: 'This browser does not let the page copy. The text is selected: copy it with the keyboard.',
    toCopy: 'Text to copy',
  },
  rows: {
    title: 'Predict many rows',
    intro:
      'Drop a CSV file of rows here, or choose one. It stays on this device: its rows are predicted here, also while ' +
      'the server is switched on.',
    choose: 'Choose a CSV file of rows',
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
    problemTitle: 'Cells that cannot be read',
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
  train: {
    title: 'Train a model',
    lead: 'Drop a CSV file here, or choose a table. It stays on this device.',
    chooseFile: 'Choose a CSV file',
    bundled: 'Tables that come with the page:',
    iris: 'Iris',
    penguins: 'Penguins',
    wine: 'Wine',
    breastCancer: 'Breast cancer',
    diabetes: 'Diabetes',
    reading: 'Reading the table…',
    noTable: 'No table chosen yet.',
    tableWhole: (/** @type {string} */ name, /** @type {number} */ columns, /** @type {string} */ rows) =>
      `${name}: ${columns} column${columns === 1 ? '' : 's'}, ${rows} row${rows === '1' ? '' : 's'}.`,
    tablePart: (/** @type {string} */ name, /** @type {number} */ columns, /** @type {string} */ rows) =>
      `${name}: ${columns} column${columns === 1 ? '' : 's'}. What follows is of its first ${rows} rows.`,
    settings: 'Settings',
    target: 'Column to predict',
    holdOut: 'Rows to hold out, in percent',
    allFitted:
      'Trained on as a whole: of a table this large no rows are held out. Keep some in a file of their own.',
    tooLarge: 'Not for a table this large, which is read piece by piece.',
    onlyTwo: 'Only where two classes are told apart.',
    foldsHint: 'Empty: none, or 5 where a calibration or a threshold needs them.',
    calibrateHint: 'Both are chosen on the folds of a cross-validation, never on the rows held out.',
    moreSettings: 'More settings',
    seed: 'Seed of the shuffle',
    l2: 'Penalty l2',
    folds: 'Folds of a cross-validation',
    positive: 'Class that is looked for',
    lastInOrder: 'the last in sorted order',
    expertSettings: 'Expert settings',
    task: 'Kind of prediction',
    taskAuto: 'found out from the column',
    classification: 'a class',
    regression: 'a number',
    weights: 'Column of row weights',
    none: 'none',
    asDefault: 'default',
    impute: 'For a missing number take',
    imputeMedian: 'the median',
    imputeMean: 'the mean',
    imputeFrequent: 'the most frequent one',
    imputeValue: 'a number of your choice',
    imputeError: 'nothing: refuse the table',
    imputeNumber: 'Number for a missing one',
    imputeCategory: 'For a missing category take',
    imputeOwn: 'a category of its own',
    ownCategory: 'Name of that category',
    indicators: 'Add columns that say where a number is missing',
    encode: 'Categories become',
    oneHot: 'a column each',
    dropFirst: 'a column each, but the first',
    ordinal: 'numbers in sorted order',
    unseen: 'A category that is new when predicting',
    unseenError: 'is an error',
    unseenZeros: 'counts as none of them',
    scale: 'Numbers are scaled by',
    scaleStandard: 'their standard deviation',
    scaleRange: 'their range',
    scaleRobust: 'their interquartile range',
    asTheyAre: 'Penalize the columns as they are',
    calibrate: 'Probabilities are calibrated',
    calibrateNot: 'not at all',
    calibratePlatt: 'by a logistic curve (Platt)',
    calibrateIsotonic: 'by steps (isotonic)',
    threshold: 'Say the class looked for',
    thresholdHalf: 'when it is the likeliest',
    thresholdFixed: 'from a probability on',
    thresholdYouden: 'where Youden\'s index is best',
    thresholdF1: 'where F1 is best',
    thresholdSensitivity: 'at a sensitivity of at least',
    thresholdSpecificity: 'at a specificity of at least',
    thresholdCost: 'where the errors cost least',
    thresholdValue: 'That share, from 0 to 1',
    costPositive: 'Cost of a false positive',
    costNegative: 'Cost of a false negative',
    solver: 'Solver',
    solverAuto: 'automatic',
    tolerance: 'Largest gradient that counts as the optimum',
    mostRounds: 'Most rounds',
    balanced: 'Let all classes count the same',
    noIntercept: 'No intercept',
    train: 'Train',
    training: 'Training…',
    progress: 'Progress of the fit',
    stop: 'Stop',
    resume: 'Resume',
    discard: 'Discard',
    profileCaption: 'Columns of the table: what they hold, and which to learn from',
    profileFirstRows: (/** @type {string} */ rows) => `Of the first ${rows} rows; the others may hold more.`,
    profileMore: (/** @type {number} */ listed, /** @type {string} */ all) =>
      `The first ${listed} of ${all} columns are listed. The others are learnt from.`,
    learnFrom: 'Learn from',
    learnFromColumn: (/** @type {string} */ name) => `Learn from ${name}`,
    column: 'Column',
    kind: 'Holds',
    kindOf: (/** @type {string} */ name) => `What ${name} holds`,
    kindNumber: 'numbers',
    kindCategory: 'categories',
    kindYesNo: 'yes or no',
    kindIdentifier: 'names of rows: leave out',
    kindConstant: 'one value: leave out',
    missing: 'Missing',
    values: 'Values',
    isTarget: 'predicted',
    isWeights: 'weights',
    rangeOfNumbers: (/** @type {string} */ low, /** @type {string} */ middle, /** @type {string} */ high) =>
      `${low} to ${high}, median ${middle}`,
    noValues: 'no values',
    moreValues: (/** @type {number} */ count) => `${count} more`,
    lossCaption: 'How the fit came to its optimum',
    lossLabel: (/** @type {number} */ rounds, /** @type {string} */ first, /** @type {string} */ last) =>
      `The relative gradient on a logarithmic scale over ${rounds} round${rounds === 1 ? '' : 's'}: from ${first} to ${last}.`,
    trained: (/** @type {number} */ rounds, /** @type {number} */ milliseconds) =>
      `Model trained in ${rounds} round${rounds === 1 ? '' : 's'} and ${milliseconds} ms, and in use now`,
    rows: 'Rows',
    rowsUsed: (/** @type {number} */ trained, /** @type {number} */ heldOut) =>
      `${trained} trained on, ${heldOut} held out`,
    classes: 'Classes',
    targetRange: 'Target range',
    heldOutAccuracy: 'Held-out accuracy',
    heldOut: 'Held out',
    converged:
      'The fit is at its optimum: no change of the coefficients makes the loss smaller, but for rounding. Training again on the same rows gives the same model.',
    notConverged:
      'The fit is short of its optimum. More rounds, a larger penalty or fewer columns would help.',
    calibration: 'Calibration',
    decision: 'Decision',
    decisionFrom: (/** @type {string} */ positive, /** @type {string} */ threshold, /** @type {string} */ rule) =>
      `${positive} from a probability of ${threshold} on (${rule})`,
    evaluation: 'How good it is',
    notEvaluated: 'No rows were held out, so nothing was measured on rows that are new to the model.',
    figuresCaption: (/** @type {number} */ rows) =>
      `On the ${rows} row${rows === 1 ? '' : 's'} held out, beside a model that does not look at the features`,
    figure: 'Figure',
    value: 'This model',
    baseline: 'Without features',
    interval: '95 % interval',
    intervalOf: (/** @type {string} */ low, /** @type {string} */ high) => `${low} to ${high}`,
    noteTitle: 'Before you believe it',
    foldsCaption: (/** @type {number} */ folds) =>
      `Cross-validation: ${folds} fits, each measured on the fold it did not see`,
    mean: 'Mean',
    deviation: 'Standard deviation',
    confusionCaption: 'Rows held out by true class (down) and predicted class (across): counts, and percent of the row',
    trueClass: 'True class',
    predicted: (/** @type {string} */ name) => `predicted ${name}`,
    preparing: 'preparing the rows',
    /** @param {number} pass */
    readingPass: (pass) => `reading the table, pass ${pass}`,
    /** @param {number} round @param {string} objective @param {string} gradient */
    roundLine: (round, objective, gradient) => `round ${round}, objective ${objective}, gradient ${gradient}`,
    stoppedNotKept: 'Stopped. Nothing of this fit is kept.',
    /** @param {string} rounds */
    stoppedAfter: (rounds) => `Stopped after ${rounds}.`,
    stoppedBefore: 'Stopped before the first round.',
  },
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
  model: {
    title: 'Model in use',
    save: 'Save the model file',
    savePage: 'Save as a page',
    pageHint: 'As a page: one HTML file that predicts with this model, offline, wherever it is opened.',
    notSaved: (/** @type {string} */ reason) => `The page could not be saved: ${reason}.`,
    open: 'Open a model file',
    dropHint: 'Or drop a .tepal file here.',
    name: 'Name',
    estimator: 'Estimator',
    task: 'Task',
    tasks: { classification: 'classification', regression: 'regression' },
    target: 'Target',
    trainingRows: 'Training rows',
    classes: 'Classes',
    targetRange: 'Target range',
    heldOutResult: 'Held-out result',
    heldOutFigures: 'Held-out figures',
    crossValidation: 'Cross-validation',
    fit: 'Fit',
    missingValues: 'Missing values',
    calibration: 'Calibration',
    decision: 'Decision',
    dropped: 'Columns left out',
    certificate: 'Certificate',
    warning: 'Warning',
    record: 'Record of the fit',
    /** @param {string} reason */
    recordUnreadable: (reason) => `cannot be read: ${reason}`,
    proofRows: 'Proof rows',
    digest: 'Digest',
    created: 'Created',
    tool: 'Tool',
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
    /** @param {string} name @param {string} value @param {string} baseline */
    figureBeside: (name, value, baseline) => `${name} ${value} (without features ${baseline})`,
    /** @param {string} name @param {string} value */
    figure: (name, value) => `${name} ${value}`,
    /** @param {string} name @param {string} mean @param {string} deviation */
    figureSpread: (name, mean, deviation) => `${name} ${mean} ± ${deviation}`,
    /** @param {number} folds @param {string} figures */
    overFolds: (folds, figures) => `over ${folds} folds, mean ± standard deviation: ${figures}`,
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
    refusesMissing: 'refused',
    ownCategory: 'a category of its own',
    /** @param {string} feature @param {string} fill */
    taken: (feature, fill) => `${feature}: ${fill}`,
    calibrations: { platt: 'Platt scaling, on the folds', isotonic: 'isotonic regression, on the folds' },
    /** @param {string} positive @param {string} threshold @param {string} rule */
    decides: (positive, threshold, rule) => `${positive} from a probability of ${threshold} on (${rule})`,
    /** @param {string} name @param {string} reason */
    droppedColumn: (name, reason) => `${name} (${reason})`,
    asAsked: 'as was asked for',
    /** @param {number} rows */
    proof: (rows) => `${rows}/${rows} reproduced when it was opened`,
    /** @param {number} rows */
    proofOfServer: (rows) => `${rows}/${rows} reproduced when the server opened it`,
  },
};
