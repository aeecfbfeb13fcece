// Numbers and facts in words, in both languages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import {
  caseText, fixed, imputedText, outsideText, predictionText, probabilityOf, signed, sureText, twoClasses, valueText,
} from '../../www/i18n/case-wording.js';
import {
  certificateFacts, crossValidationFacts, decisionFacts, droppedFacts, heldOutFigures, missingValues,
} from '../../www/i18n/model-facts.js';
import { languageTag, loadWords, lookUp, text } from '../../www/i18n/text.js';
import {
  answerNumber, certificateSentence, dateTime, explain, figureName, fitSettings, heldOutResult, list, modelFileName, number, percent, plural,
  probability, progressSentence, stoppedSentence, targetFacts, toolUsed,
} from '../../www/i18n/wording.js';
import { errors } from '../../www/i18n/texts/zh/errors.js';
import { PredictionError } from '../../www/shared/protocol.js';
import { categories, numbers } from './samples.js';

/** @param {'en' | 'zh'} language @param {() => void} check */
async function inLanguage(language, check) {
  await loadWords(language);
  try {
    check();
  } finally {
    await loadWords('en');
  }
}

test('a number has six digits, and every digit before the point', async () => {
  const cases = [
    [0, '0'], [0.1 + 0.2, '0.3'], [1234567.89, '1234568'], [123456.789, '123457'], [-1.5, '-1.5'],
    [999999999, '999999999'], [1e9, '1.000e+9'], [0.0001, '0.0001'], [0.00009, '9.000e-5'], [-1e-7, '-1.000e-7'],
  ];
  for (const language of ['en', 'zh']) {
    await inLanguage(language, () => {
      for (const [value, said] of cases) assert.equal(number(value), said, `${language} ${value}`);
    });
  }
});

test('an answer has four digits, every digit before the point, and thousands apart where they are many', async () => {
  const cases = [
    [0, '0'], [0.123456, '0.1235'], [57.28164, '57.28'], [1995.4, '1995'], [36859.3, '36,859'], [1234567.89, '1,234,568'],
    [-151.3456, '-151.3'], [999.96, '1000'], [1e9, '1.000e+9'], [0.00009, '9.000e-5'],
  ];
  for (const language of ['en', 'zh']) {
    await inLanguage(language, () => {
      for (const [value, said] of cases) assert.equal(answerNumber(value), said, `${language} ${value}`);
    });
  }
});

test('percents never claim all or nothing where rounding made it so', () => {
  const fractions = [[0, '0 %'], [0.0004, '< 0.1 %'], [0.0005, '0.1 %'], [0.25, '25 %'], [0.9994, '99.9 %'], [0.9995, '> 99.9 %'], [1, '100 %']];
  for (const [fraction, said] of fractions) assert.equal(percent(fraction), said, `${fraction}`);
  const probabilities = [[0, '0.0 %'], [0.0009, '< 0.1 %'], [0.001, '0.1 %'], [0.25, '25.0 %'], [0.999, '99.9 %'], [0.9991, '> 99.9 %'], [1, '100.0 %']];
  for (const [value, said] of probabilities) assert.equal(probability(value), said, `${value}`);
});

test('Chinese has its own percent and its own plurals, which are none', async () => {
  await inLanguage('zh', () => {
    assert.equal(languageTag(), 'zh-Hans');
    assert.equal(percent(0.25), '25%');
    assert.equal(text().model.rows(1), text().model.rows(2).replace('2', '1'));
  });
  assert.equal(languageTag(), 'en');
});

test('one is said in the singular', () => {
  assert.deepEqual([plural(0, 'row'), plural(1, 'row'), plural(2, 'row')], ['0 rows', '1 row', '2 rows']);
  assert.deepEqual([text().model.rows(1), text().model.rows(150)], ['1 row', '150 rows']);
});

test('words that come late, of a language chosen before another, are not used', async () => {
  const late = loadWords('zh');
  assert.equal(await loadWords('en'), true);
  assert.equal(await late, false);
  assert.equal(languageTag(), 'en');
});

test('a path without a text is a mistake', () => {
  assert.equal(lookUp('page.skip'), 'Skip to the content');
  for (const path of ['page.skp', 'page', 'no.thing', 'train.tableWhole']) assert.throws(() => lookUp(path), /no text/, path);
});

test('a list names twenty and counts the others', () => {
  const names = Array.from({ length: 23 }, (_, i) => `n${i}`);
  assert.equal(list(names.slice(0, 2), (name) => name), 'n0, n1');
  assert.match(list(names, (name) => name), /^n0, .*, n19\D+3\D*$/);
  assert.doesNotMatch(list(names.slice(0, 20), (name) => name), /more/);
});

test('a message of the engine becomes a sentence', () => {
  assert.equal(explain(new Error('expected a number')), 'Expected a number');
  assert.equal(explain('no'), 'No');
});

test('in Chinese what went wrong comes before a message in English', async () => {
  const source = readFileSync(new URL('../../src/error/mod.rs', import.meta.url), 'utf8');
  const kinds = [...source.matchAll(/^ {12}Self::\w+ => "(\w+)",$/gm)].map(([, kind]) => kind);
  assert.ok(kinds.length > 30, `${kinds.length}`);
  assert.deepEqual(kinds.filter((kind) => !Object.hasOwn(errors, kind)), []);
  const error = new PredictionError({ kind: 'ragged_row', message: 'row 3: expected 2 cells, found 1' });
  await inLanguage('zh', () => {
    assert.equal(explain(error), '此行的单元格数与表头不一致：Row 3: expected 2 cells, found 1');
    assert.equal(explain(new PredictionError({ kind: 'unavailable', message: '服务器无法访问' })), '服务器无法访问');
    assert.equal(explain(new PredictionError({ kind: 'of a later version', message: 'no' })), 'No');
    assert.equal(explain(new Error('no')), 'No');
  });
  assert.equal(explain(error), 'Row 3: expected 2 cells, found 1');
});

test('how far a fit is, in words', () => {
  const round = { round: 12, objective: 3.14159, relativeGradient: 0.00123, share: 0.5, done: false };
  const cases = [
    [null, 'preparing the rows'],
    [{ reading: 2 }, 'reading the table, pass 2'],
    [round, 'round 12, objective 3.14, gradient 1.2e-3'],
    [{ ...round, objective: 0.00123 }, 'round 12, objective 1.230e-3, gradient 1.2e-3'],
    [{ ...round, relativeGradient: Number.POSITIVE_INFINITY }, 'round 12, loss 3.14'],
  ];
  for (const [progress, said] of cases) assert.equal(progressSentence(progress), said);
});

test('a stopped fit says what is kept of it', () => {
  assert.equal(stoppedSentence({ round: 1 }, true), 'Stopped after 1 round.');
  assert.equal(stoppedSentence({ reading: 1 }, true), 'Stopped before the first round.');
  assert.equal(stoppedSentence({ round: 7 }, false), 'Stopped. Nothing of this fit is kept.');
});

test('a certificate is said with its numbers, and a model without one says nothing', () => {
  const certificate = { converged: true, relativeGradient: 1.5e-12, tolerance: 1e-10, objective: 1 };
  assert.match(certificateSentence(certificate), /certified.*1\.5e-12.*1e-10/);
  assert.match(certificateSentence({ ...certificate, relativeGradient: 0 }), / 0/);
  assert.notEqual(certificateSentence({ ...certificate, converged: false }), certificateSentence(certificate));
  assert.deepEqual(certificateFacts(certificate), [['Certificate', certificateSentence(certificate)]]);
  assert.deepEqual(certificateFacts(null), []);
});

test('the settings of a fit name what is not usual', () => {
  const usual = { l2: 0, scale: 'standard', intercept: true, balanced: false, weights: null };
  const { noPenalty, noIntercept, balanced, separator, weightedBy } = text().model;
  assert.equal(fitSettings(usual), noPenalty);
  assert.equal(
    fitSettings({ ...usual, intercept: false, balanced: true, weights: 'w' }),
    [noPenalty, noIntercept, balanced, weightedBy('w')].join(separator),
  );
  assert.match(fitSettings({ ...usual, l2: 2.5 }), /2\.5/);
});

test('a tool is named with its rounds, where the file says how many', () => {
  assert.match(toolUsed({ toolVersion: '1.2.3', solver: 'newton', rounds: 5 }), /1\.2\.3.*newton.*5 rounds/);
  assert.doesNotMatch(toolUsed({ toolVersion: '1.2.3', solver: 'newton', rounds: 0 }), /round/);
});

test('a time out of a file is said in UTC, or said to be unknown', () => {
  assert.equal(dateTime(0), '1970-01-01 00:00 UTC');
  assert.equal(dateTime(1_700_000_000), '2023-11-14 22:13 UTC');
  for (const seconds of [null, 1e20, Number.NaN]) assert.equal(dateTime(seconds), text().model.notRecorded, `${seconds}`);
});

test('a model file has a name that every system accepts', () => {
  const cases = [
    ['iris', 'iris.tepal'], ['花 模型', '花-模型.tepal'], ['../../etc/passwd', 'etc-passwd.tepal'], ['  ', 'model.tepal'],
    ['a'.repeat(200), `${'a'.repeat(80)}.tepal`], ['v1.2', 'v1.2.tepal'],
  ];
  for (const [name, file] of cases) assert.equal(modelFileName(name, 'tepal'), file, name);
  assert.equal(modelFileName('iris', 'html'), 'iris.html');
});

test('a figure has its words, and an unknown one its own name', () => {
  assert.notEqual(figureName('accuracy'), '');
  assert.equal(figureName('some_new_figure'), 'some_new_figure');
  assert.equal(figureName('toString'), 'toString');
});

test('a target is said with its classes or with its range', () => {
  const target = { name: 'y', classes: [{ class: 'a', rows: 1 }, { class: 2, rows: 3 }], positive: null };
  assert.match(targetFacts(target), /a \D*1 row\D+2 \D*3 rows/);
  assert.match(targetFacts({ name: 'y', minimum: -1, mean: 0.5, maximum: 2 }), /-1.*2.*0\.5/);
});

test('what was held out is said, or that nothing was', () => {
  assert.equal(heldOutResult(null), text().model.notMeasured);
  assert.match(heldOutResult({ task: 'classification', rows: 30, correct: 29, accuracy: 29 / 30 }), /29.*30.*96\.7 %/);
  const regression = { task: 'regression', rows: 9, rSquared: null, rootMeanSquaredError: 1.5 };
  assert.ok(heldOutResult(regression).includes(text().model.notDefined));
  assert.match(heldOutResult({ ...regression, rSquared: 0.25 }), /0\.25.*1\.5.*9 rows/);
  const figures = [{ name: 'pinballLoss', value: 7, baseline: 14 }, { name: 'dSquared', value: 0.5, baseline: null }];
  assert.match(heldOutResult({ ...regression, figures }), /0\.5.*pinball loss.*7.*9 rows/);
});

test('facts that a model does not have are left out', () => {
  assert.deepEqual(heldOutFigures(null), []);
  assert.deepEqual(heldOutFigures({ figures: [] }), []);
  assert.deepEqual(crossValidationFacts(null), []);
  assert.deepEqual(droppedFacts([]), []);
  assert.deepEqual(decisionFacts({ calibration: null, decision: null, target: { classes: [], positive: null } }), []);
});

test('a figure is said beside that of a model without features', () => {
  const [[, said]] = heldOutFigures({ figures: [
    { name: 'accuracy', value: 0.9, baseline: 0.5 }, { name: 'new', value: 3, baseline: null },
  ] });
  assert.match(said, /0\.9.*0\.5.*new.*3/);
});

test('a figure of a cross-validation is said with its spread, where there is one', () => {
  const [[, said]] = crossValidationFacts({ folds: 5, seed: 7, figures: [
    { name: 'first', mean: 0.9, standardDeviation: 0.25 }, { name: 'second', mean: 3, standardDeviation: null },
  ] });
  assert.match(said, /5.*first.*0\.9.*0\.25.*second.*3/);
  assert.doesNotMatch(said, /NaN|null|[^.]\b0\b[^.]/);
});

test('the threshold of two classes is said with the class looked for', () => {
  const decision = { threshold: 0.25, rule: 'youden' };
  const target = { name: 'y', classes: [{ class: 'no', rows: 1 }, { class: 'yes', rows: 1 }], positive: null };
  assert.match(decisionFacts({ calibration: null, decision, target })[0][1], /yes.*0\.25.*youden/);
  assert.match(decisionFacts({ calibration: null, decision, target: { ...target, positive: 'no' } })[0][1], /no.*0\.25/);
  assert.equal(decisionFacts({ calibration: 'platt', decision: null, target }).length, 1);
  const conformal = [{ level: 0.8, bound: 3 }, { level: 0.9, bound: 4 }];
  assert.match(decisionFacts({ calibration: null, decision: null, conformal, target })[0][1], /sets.*80 %.*90 %/);
});

test('what stands for a missing value is said of the features that may lack one', () => {
  const { ownCategory, refusesMissing } = text().model;
  const feature = numbers('a', { fill: 2.5 });
  assert.match(missingValues([feature, categories('b', {})]), /^(?!.*\bb\b).*a.*2\.5/);
  assert.match(missingValues([numbers('a', { fill: 19_874, isDate: true })]), /2024-05-31/);
  assert.ok(missingValues([numbers('a', { fill: null })]).includes(ownCategory));
  assert.equal(missingValues([categories('b', {})]), refusesMissing);
});

test('a number with its sign has none of a rounded zero', () => {
  const cases = [[1.25, 1, '+1.3'], [-1.25, 1, '−1.3'], [-0.04, 1, '0.0'], [0.04, 1, '0.0'], [0, 2, '0.00']];
  for (const [value, decimals, said] of cases) assert.equal(signed(value, decimals), said, `${value}`);
  assert.deepEqual([fixed(2, 1), fixed(-2, 1)], ['2.0', '−2.0']);
});

test('a value is said with every digit and its unit', () => {
  assert.equal(valueText(numbers('age', { unit: 'years' }), 0.1 + 0.2), '0.30000000000000004 years');
  assert.equal(valueText(numbers('age'), 0), '0');
  assert.equal(valueText(numbers('age', { unit: 'years' }), null), 'not known');
  assert.equal(valueText(numbers('weight', { unit: 'kg', written: '1234,5 kg' }), 3.25), '3,25 kg');
  assert.equal(valueText(numbers('born', { unit: 'days since 1970-01-01', isDate: true }), 19_874), '2024-05-31');
});

test('how sure an answer is comes in words, the usual level first', async () => {
  const interval = (level, lower, upper) => ({ level, lower, upper });
  const levels = [interval(0.8, 45, 70), interval(0.9, 41, 73), interval(0.95, 38, 80)];
  const sets = [{ level: 0.8, classes: ['a'] }, { level: 0.9, classes: ['a', 'b'] }];
  const classes = { prediction: 'a', probability: 0.9, probabilities: [] };
  assert.equal(sureText({ prediction: 57, intervals: levels }), 'With 90 % certainty: 41 to 73 (80 %: 45 to 70, 95 %: 38 to 80).');
  assert.equal(sureText({ ...classes, sets }), 'With 90 % certainty: a or b (80 %: a).');
  assert.equal(sureText({ ...classes, sets: sets.slice(0, 1) }), 'With 80 % certainty: a.');
  const alike = sets.map(({ level }) => ({ level, classes: ['a'] }));
  assert.equal(sureText({ ...classes, sets: alike }), 'With 90 % certainty: a.');
  assert.deepEqual([sureText({ prediction: 57 }), sureText(classes)], ['', '']);
  await inLanguage('zh', () => assert.match(sureText({ ...classes, sets }), /90.*a 或 b.*80.*a/));
});

test('an answer says which values lie outside training, and that none does', () => {
  const features = [numbers('age'), numbers('height'), categories('sex', { f: 1, m: 2 })];
  assert.deepEqual(outsideText({ features }, { age: 0, height: 10, sex: 'f' }), ['all values inside training', false]);
  assert.deepEqual(outsideText({ features }, { age: -0.1, height: 10.1, sex: 'f' }), ['outside training: age, height', true]);
  assert.deepEqual(outsideText({ features }, { age: null, height: 5, sex: null }), ['all values inside training', false]);
  const fromSplits = [...features, numbers('weight', { fromSplits: true })];
  assert.deepEqual(outsideText({ features: fromSplits }, { age: 99 }), ['', false], 'the training rows are not known');
});

test('an answer that rests on imputed values names them', () => {
  assert.match(imputedText({ prediction: 1, imputed: ['age', 'height'] }), /age, height/);
  assert.equal(imputedText({ prediction: 1 }), '');
});

test('two classes are told apart where a model looks for one of them', () => {
  const target = { name: 'y', classes: [{ class: 'no', rows: 1 }, { class: 'yes', rows: 1 }], positive: 'no' };
  assert.deepEqual(twoClasses({ target }), { positive: 'no', negative: 'yes' });
  assert.equal(twoClasses({ target: { ...target, positive: null } }), null);
  assert.equal(twoClasses({ target: { ...target, classes: [...target.classes, { class: 'x', rows: 1 }] } }), null);
  assert.equal(twoClasses({ target: { name: 'y', minimum: 0, mean: 0, maximum: 1 } }), null);
});

test('a case is copied with its answer, its values and its model', () => {
  const prediction = { prediction: 'yes', probability: 0.75, probabilities: [
    { class: 'no', probability: 0.25 }, { class: 'yes', probability: 0.75 },
  ] };
  const description = { name: 'risk', digest: 'abc', features: [numbers('age', { unit: 'years', maximum: 100 })], target: { name: 'y' } };
  const said = (source, check) => caseText(description, { prediction, row: { age: 50 }, source }, check).split('\n');
  assert.deepEqual(said('device', null), [
    'y: yes (75.0 %)', '  no: 25.0 %', '  yes: 75.0 %', '', 'Values entered:', '  age: 50 years', '',
    'Model: risk, SHA-256 abc', 'computed on this device', '',
  ]);
  assert.equal(said('server', { status: 'other', name: 'new', digest: 'def' }).at(-3), 'Model: new, SHA-256 def');
  assert.equal(said('server', { status: 'checking' }).at(-3), text().predict.modelUnknown);
  assert.equal(probabilityOf(prediction, 'no'), 0.25);
  assert.equal(probabilityOf(prediction, 'other'), null);
  assert.equal(predictionText({ prediction: 1.5 }), '1.5');
  const value = caseText(description, { prediction: { prediction: 1.5 }, row: { age: 50 }, source: 'device' }, null);
  assert.deepEqual(value.split('\n').slice(0, 3), ['y: 1.5', '', 'Values entered:']);
});

test('of very many classes a copied case has the predicted one alone', () => {
  const probabilities = Array.from({ length: 21 }, (_, i) => ({ class: `c${i}`, probability: 1 / 21 }));
  const said = (count) => caseText(
    { name: 'm', digest: 'd', features: [], target: { name: 'y' } },
    { prediction: { prediction: 'c0', probability: 1 / 21, probabilities: probabilities.slice(0, count) }, row: {}, source: 'device' },
    null,
  ).split('\n').filter((line) => line.startsWith('  c')).length;
  assert.deepEqual([said(20), said(21)], [20, 0]);
});
