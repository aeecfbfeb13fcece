import { noted } from '../i18n/noted.js';
import { text } from '../i18n/text.js';
import { number } from '../i18n/wording.js';
import { calibrationPlot } from '../plots/calibration.js';
import { coefficientsPlot, largest, MOST_COEFFICIENTS } from '../plots/coefficients.js';
import { precisionRecallPlot } from '../plots/precision-recall.js';
import { residualsPlot } from '../plots/residuals.js';
import { pointAt, rocPlot } from '../plots/roc.js';
import { thin } from '../plots/thin.js';
import { element } from './element.js';
import { plotFigure } from './plot-figure.js';

/** @import {ModelDescription} from '../pkg/predict/tepal.js' */
/** @import {ClassificationReport, RegressionReport} from '../pkg/train/tepal.js' */

/** More points of a curve cannot be seen apart. */
const MOST_POINTS = 400;

const HALF = 0.5;

/** @param {number | null} value */
const said = (value) => (value === null ? '–' : number(Number(value.toPrecision(4))));

/**
 * The curves of a model of two classes on the rows held out.
 *
 * @param {ClassificationReport} report
 * @param {ModelDescription} description
 * @returns {HTMLElement[]}
 */
export function binaryPlots({ binary, classNames, brierScore, logLoss }, { decision }) {
  if (!binary || classNames.length !== 2) return [];
  const words = text().plots;
  const positive = classNames[binary.positive];
  const threshold = decision?.threshold ?? HALF;
  const chosenWords = { ...words, chosen: words.chosen(said(threshold)) };
  const plots = [];
  const { rocCurve, precisionRecallCurve } = binary;
  if (rocCurve) {
    const chosen = pointAt(rocCurve, threshold);
    const points = thin(rocCurve, MOST_POINTS);
    plots.push(plotFigure({
      id: 'roc',
      title: words.roc,
      label: words.rocLabel(positive, said(binary.auc)),
      options: (Plot, width) => rocPlot(Plot, points, chosen, chosenWords, width),
      data: {
        head: [words.threshold, words.falsePositiveRate, words.truePositiveRate],
        rows: rocCurve.map((at) => [said(at.threshold), said(at.falsePositiveRate), said(at.truePositiveRate)]),
      },
    }));
  }
  if (precisionRecallCurve) {
    const chosen = pointAt(precisionRecallCurve, threshold);
    const points = thin(precisionRecallCurve, MOST_POINTS);
    plots.push(plotFigure({
      id: 'precision-recall',
      title: words.precisionRecall,
      label: words.precisionRecallLabel(positive, said(binary.averagePrecision)),
      options: (Plot, width) => precisionRecallPlot(Plot, points, chosen, chosenWords, width),
      data: {
        head: [words.threshold, words.recall, words.precision],
        rows: precisionRecallCurve.map((at) => [said(at.threshold), said(at.recall), said(at.precision)]),
      },
    }));
  }
  const { calibrationUniform, calibrationQuantile } = binary;
  const parts = (/** @type {string} */ kind, /** @type {typeof calibrationUniform} */ of) =>
    of.map((part) => [kind, said(part.meanPredicted), said(part.fractionPositive), number(part.rows)]);
  plots.push(plotFigure({
    id: 'calibration',
    title: words.calibration,
    label: words.calibrationLabel(positive, said(brierScore), said(logLoss)),
    options: (Plot, width) => calibrationPlot(Plot, calibrationUniform, calibrationQuantile, words, width),
    data: {
      head: [words.parts, words.meanPredicted, words.fractionPositive, words.rows],
      rows: [...parts(words.equalWidth, calibrationUniform), ...parts(words.equalRows, calibrationQuantile)],
    },
  }));
  return plots.map((plot) => plot.element);
}

/**
 * @param {RegressionReport} report
 * @param {string} target
 */
export function residualPlot({ model, baseline }, target) {
  const words = text().plots;
  return plotFigure({
    id: 'residuals',
    title: words.residuals,
    label: words.residualsLabel(target),
    options: (Plot, width) =>
      residualsPlot(Plot, model.residualQuantiles, baseline?.residualQuantiles ?? [], words, width),
    data: {
      head: [words.percentOfRows, words.thisModel, words.withoutFeatures],
      rows: model.residualQuantiles.map(({ percent, residual }, i) =>
        [String(percent), said(residual), said(baseline?.residualQuantiles[i]?.residual ?? null)]),
    },
  }).element;
}

/** @param {ModelDescription} description */
export function coefficientPlot({ outputs, target, errorsWithheld }) {
  const words = text().plots;
  const place = element('div');
  const select = element('select', { 'data-testid': 'coefficients-class' });
  select.replaceChildren(
    ...outputs.map((output, i) => element('option', { value: String(i) }, String(output.class ?? target.name))),
  );
  select.addEventListener('change', show);

  function show() {
    const { coefficients, class: name } = outputs[Number(select.value)];
    const bars = largest(coefficients);
    const all = coefficients.length;
    const notes = [
      ...(all > MOST_COEFFICIENTS ? [words.coefficientsMost(MOST_COEFFICIENTS, all)] : []),
      ...(errorsWithheld === null ? [] : [words.withheld(noted(errorsWithheld).text)]),
      ...(bars.some(({ holdsZero }) => holdsZero) ? [words.hollow] : []),
    ];
    const { element: figure } = plotFigure({
      id: 'coefficients',
      title: words.coefficients,
      label: words.coefficientsLabel(String(name ?? target.name), bars[0]?.column ?? '–'),
      notes,
      options: (Plot, width) => coefficientsPlot(Plot, bars, words, width),
      data: {
        head: [words.columnName, words.perDeviation, words.perUnit, words.oddsRatio, words.interval],
        rows: coefficients.map(({ column, standardized, original, oddsRatio, interval }) => [
          column, said(standardized), said(original), said(oddsRatio ?? null),
          interval ? text().train.intervalOf(said(interval[0]), said(interval[1])) : '–',
        ]),
      },
    });
    place.replaceChildren(figure);
  }

  show();
  if (outputs.length < 2) return place;
  const chooser = element('div', { class: 'plot-controls' }, element('label', {}, words.scoreOf, ' ', select));
  return element('div', { class: 'plot-choice' }, chooser, place);
}
