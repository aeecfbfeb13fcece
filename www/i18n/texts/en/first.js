/**
 * Texts in English that the first answer may need, by the part that says them. What has gaps to fill is a function. The other
 * languages have the same keys; the type checker compares them.
 */
export const first = {
  page: {
    language: 'Language',
    skip: 'Skip to the content',
    parts: 'Parts of this page',
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
    linkCut: 'The link was cut or changed: the model in it could not be read.',
    languageFailed: 'The words of this language could not be loaded',
    /** @param {string} name @param {string} reason @param {boolean} isKept */
    notOpened: (name, reason, isKept) =>
      `“${name}” could not be opened. ${reason}.${isKept ? ' The model in use is kept.' : ''}`,

    serverUnreachable: 'the server cannot be reached',
    /** @param {string} why */
    noServer: (why) => `no tepal server answers at this address (${why})`,
    noPrediction: 'it sent no prediction',
    noModelNamed: 'it did not say which model it has',
    noDescription: 'it does not describe its model, so there is no form to fill in',
    /** @param {number} status */
    foreignStatus: (status) => `status ${status}, not in tepal's format`,
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
    notADate: /** @param {string} typed */ (typed) => `“${typed}” is not a date: write it as 2024-05-31.`,
    eitherDate: /** @param {string} typed */ (typed) =>
      `“${typed}” may have the day or the month first: write it as 2024-05-31.`,
    atLeast: /** @param {string} least */ (least) => `Enter a number of at least ${least}.`,
    between: /** @param {string} from @param {string} to */ (from, to) => `Enter a number from ${from} to ${to}.`,
    range: /** @param {string} typed */ (typed) => `“${typed}” is beyond what can be computed with: check its exponent.`,
  },
  predict: {
    title: 'Predict',
    titleOf: /** @param {string} target */ (target) => `Predict ${target}`,
    moreFields: /** @param {number} count */ (count) => `${count} more feature${count === 1 ? '' : 's'}`,
    nextFields: /** @param {number} count @param {number} left */ (count, left) => `Show ${count} more of ${left}`,

    range: /** @param {string} from @param {string} to */ (from, to) => `${from} to ${to}`,
    always: /** @param {string} value */ (value) => `always ${value}`,
    inTraining: 'In training: ',
    splitAt: 'Known from the model: ',
    slider: /** @param {string} feature */ (feature) => `${feature}, slider`,
    notKnown: 'not known',
    isNotKnown: /** @param {string} feature */ (feature) => `${feature} is not known`,
    emptyOrUnknown: 'Enter a value, or say that it is not known. The last answer is kept.',
    emptyNotTaken: 'Enter a value: this model takes no missing values here. The last answer is kept.',
    chooseOne: 'Choose one: this model takes no missing values here.',
    outside: /** @param {string} from @param {string} to */ (from, to) =>
      `Outside the training range (${from} to ${to}): take the answer with care.`,
    unusual: /** @param {string} from @param {string} to */ (from, to) =>
      `Unusual in training: nine of ten rows have ${from} to ${to}.`,
    imputed: /** @param {string} fill */ (fill) => `Not known: ${fill} is taken, as in training.`,
    ownCategory: 'Not known: counts as missing, as in training.',

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
    where: { device: 'computed on this device', server: 'sent to the server, and computed there' },
    kept: ' The last answer is kept.',
    noAnswer: /** @param {string} reason */ (reason) => `No new answer. ${reason}.`,
    valueMissing: 'A value is missing.',
    valueUnreadable: 'A value cannot be read.',
    /** @param {string} level @param {string} said @param {string} others */
    sure: (level, said, others) => `With ${level} certainty: ${said}${others && ` (${others})`}.`,
    onlyInside: 'Outside training this does not hold.',
    atLevel: /** @param {string} level @param {string} said */ (level, said) => `${level}: ${said}`,
    or: ' or ',
    apart: ', ',
    allInside: 'all values inside training',
    outsideOf: /** @param {string} features */ (features) => `outside training: ${features}`,
    restsOn: /** @param {string} features */ (features) => `not known, so imputed: ${features}`,
    probabilities: 'Probability of each class',
    class: 'Class',
    probability: 'Probability',
  },
  model: {
    title: 'Model in use',
    notSaved: (/** @type {string} */ reason) => `The page could not be saved: ${reason}.`,
    open: 'Open a model file',
    /** @param {string} value */
    percent: (value) => `${value} %`,
    separator: ', ',
    /** @param {string} list @param {number} others */
    andMore: (list, others) => `${list}, and ${others} more`,
  },
};
