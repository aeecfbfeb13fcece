/**
 * Texts in English of a case and of a model's facts, by the part that says them. They come after the first answer; a page of one
 * model has them too.
 */
export const cases = {
  predict: {
    rangeHint: 'On each line: where nine of ten training rows are, and their middle.',
    examples: 'Example cases',
    typicalCase: 'Typical case',
    lowCase: 'Low case',
    highCase: 'High case',
    examplesHint: 'Low and high: all numbers at the ends of what is usual in training, with the commonest and with the '
      + 'rarest categories.',
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
    sum: /** @param {string} baseline @param {string} added @param {string} score */ (baseline, added, score) =>
      `Average ${baseline} and contributions ${added} make the score ${score}.`,
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
    outOfHundred: /** @param {number} are @param {number} not @param {string} positive */ (are, not, positive) =>
      `About ${are} of 100 like this are ${positive}; ${not} are not.`,
    fewerThanOne: /** @param {string} positive */ (positive) => `Fewer than 1 of 100 like this are ${positive}.`,
    allButOne: /** @param {string} positive */ (positive) => `More than 99 of 100 like this are ${positive}.`,
    fromWhich: /** @param {string} positive */ (positive) => `From which probability on to say ${positive}`,
    modelSays: /** @param {string} threshold @param {string} said */ (threshold, said) =>
      ` The model itself decides at ${threshold} and says ${said}.`,
    measuredAt: /** @param {string} threshold */ (threshold) => `On held-out rows, with the threshold at ${threshold}`,
    belowMeasured: 'For so low a threshold the model file has no held-out figures.',
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
    partOf: /** @param {string} part @param {string} whole */ (part, whole) => `${part} of ${whole}`,
    predictedClass: 'the predicted class',
    estimatedParts: 'The parts are estimated; ± is their standard error.',
    moreSteps: /** @param {number} count */ (count) => `${count} more`,
    logOdds: /** @param {string} positive */ (positive) => `Log-odds of ${positive}; 0 is a probability of 50 %`,
    logOddsBefore: /** @param {string} positive */ (positive) => `Log-odds of ${positive}, before calibration`,
    shareOf: /** @param {string} label */ (label) => `Probability of ${label}, as a share of 1`,
    shareBefore: /** @param {string} label */ (label) => `Probability of ${label}, before calibration`,
    scoreOf: /** @param {string} label */ (label) => `Score of ${label}`,
    logOf: /** @param {string} target */ (target) => `Natural logarithm of ${target}: what adds 0.1 makes it 10.5 % larger`,
    inTargetUnits: /** @param {string} target */ (target) => `In units of ${target}`,
    explainedHere: 'Explained by the model on this device, also while the server answers.',
    moved: {
      up: 'raise', down: 'lower',
      by: {
        nothing: 'No value moves it.',
        one: /** @param {string} a @param {string} verb */ (a, verb) => `${a} ${verb}s it most.`,
        both: /** @param {string} a @param {string} b @param {string} verb */ (a, b, verb) => `${a} and ${b} ${verb} it most.`,
        each: /** @param {string} a @param {string} verb @param {string} b @param {string} other */ (a, verb, b, other) =>
          `${a} ${verb}s it most; ${b} ${other}s it.`,
      },
    },
    keepCase: 'Keep this case',
    letGo: 'Stop comparing',
    keptAnswer: /** @param {string} answer */ (answer) => `kept: ${answer}`,
    sameCase: 'The case entered is the one kept: change a value.',
    moreDiffer: /** @param {number} count */ (count) => `${count} more values differ.`,
    textCopied: 'Copied as text.',
    linkCopied: 'Link copied.',
    linkWithModel: 'Link copied, with the model in it.',
    linkWithoutModel: 'Link copied. The model is too large for it: send its file too.',
    copyByHand: 'This browser does not let the page copy. The text is selected: copy it with the keyboard.',
  },
  model: {
    save: 'Save the model file',
    savePage: 'Save as a page',
    pageHint: 'As a page: one HTML file that predicts with this model, offline, wherever it is opened.',
    dropHint: 'Or drop a .tepal file here, or a model of XGBoost, LightGBM, CatBoost or ONNX.',
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
    /** @param {string} name @param {string} rows */
    classRows: (name, rows) => `${name} (${rows})`,
    /** @param {string} minimum @param {string} maximum @param {string} mean */
    range: (minimum, maximum, mean) => `${minimum} to ${maximum}, mean ${mean}`,
    notMeasured: 'not measured: all rows were trained on',
    notDefined: 'not defined',
    /** @param {number} correct @param {number} rows @param {string} accuracy */
    correctOf: (correct, rows, accuracy) => `${correct} of ${rows} (${accuracy})`,
    /** @param {string} rSquared @param {string} rmse @param {string} rows */
    regressionResult: (rSquared, rmse, rows) => `R² ${rSquared}, RMSE ${rmse} on ${rows}`,
    /** @param {string} dSquared @param {string} loss @param {string} value @param {string} rows */
    lossResult: (dSquared, loss, value, rows) => `D² ${dSquared}, ${loss} ${value} on ${rows}`,
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
      dSquared: 'D² (of that loss)',
      pinballLoss: 'pinball loss',
      halfPoissonDeviance: 'half Poisson deviance',
      halfGammaDeviance: 'half gamma deviance',
      atOrBelow: 'share at or below the prediction',
      coverage80: 'truth inside at 80 %',
      coverage90: 'truth inside at 90 %',
      coverage95: 'truth inside at 95 %',
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
    /** @param {number} leaves @param {string} rate */
    trees: (leaves, rate) => `trees of at most ${leaves} leaves, learning rate ${rate}`,
    /** @param {string} loss @param {string} level */
    loss: (loss, level) => `loss ${loss}${level && ` ${level}`}`,
    interactions: {
      none: 'without interactions',
      some: /** @param {string} groups */ (groups) => `interactions only of ${groups}`,
    },
    /** @param {number} trees @param {number} leaves */
    forest: (trees, leaves) => `${trees} tree${trees === 1 ? '' : 's'} of at most ${leaves} leaves`,
    noIntercept: 'no intercept',
    balanced: 'all classes count the same',
    /** @param {string} column */
    weightedBy: (column) => `rows weighted by ${column}`,
    /** @param {string} version @param {string} solver @param {string} rounds empty where it is not known */
    toolUsed: (version, solver, rounds) => `tepal ${version}, solver ${solver}${rounds && ` (${rounds})`}`,
    notRecorded: 'not recorded',
    ownCategory: 'counts as missing',
    /** @param {string} feature @param {string} fill */
    taken: (feature, fill) => `${feature}: ${fill}`,
    noteWord: 'Note',
    caution: 'Caution',
    warning: 'Warning',
    estimator: 'Estimator',
    /** @type {Record<string, string>} */
    estimators: {},
    trainingRows: 'Training rows',
    importedFrom: 'Imported from',
    unknownRange: 'not known',
    targetRange: 'Target range',
    heldOutFigures: 'Held-out figures',
    crossValidation: 'Cross-validation',
    outOfBag: 'Rows out of the bag',
    /** @param {string} rows @param {string} figures */
    outOfBagFigures: (rows, figures) => `${rows} rows, each predicted by the trees that did not see it: ${figures}`,
    missingValues: 'Missing values',
    calibration: 'Calibration',
    record: 'Record of the fit',
    /** @param {string} reason */
    recordUnreadable: (reason) => `cannot be read: ${reason}`,
    proofRows: 'Proof rows',
    tool: 'Tool',
    /** @param {string} name @param {string} value @param {string} baseline */
    figureBeside: (name, value, baseline) => `${name} ${value} (without features ${baseline})`,
    /** @param {string} name @param {string} mean @param {string} deviation */
    figureSpread: (name, mean, deviation) => `${name} ${mean} ± ${deviation}`,
    /** @param {number} folds @param {string} figures */
    overFolds: (folds, figures) => `over ${folds} folds, mean ± standard deviation: ${figures}`,
    refusesMissing: 'refused',
    conformal: 'Certainty',
    /** @param {string} percents @param {boolean} isOfClasses */
    levels: (percents, isOfClasses) =>
      `${isOfClasses ? 'sets of classes' : 'intervals'} at ${percents}, from the errors on the folds (conformal prediction)`,
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
