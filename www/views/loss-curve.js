import { text } from '../i18n/text.js';
import { lossLine, recordedHistory, withPoint } from '../plots/loss.js';
import { element, setText } from './element.js';
import { svgElement } from './svg.js';

/** @import {Listener} from '../page/state.js' */
/** @import {LossPoint} from '../plots/loss.js' */

const WIDTH = 300;
const HEIGHT = 70;

/**
 * How the gradient or the loss shrinks while a model is fitted. It is drawn many times a second beside the fit, hence without a
 * library, and stays when the fit has ended.
 *
 * @param {HTMLElement} root
 * @returns {Listener}
 */
export function lossCurve(root) {
  /** @type {readonly LossPoint[]} */
  let history = [];
  const caption = element('figcaption');
  const line = svgElement('polyline', { class: 'loss-line', fill: 'none', 'vector-effect': 'non-scaling-stroke' });
  const heldOutLine = svgElement('polyline', { class: 'held-out-line', fill: 'none', 'vector-effect': 'non-scaling-stroke' });
  const box = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', class: 'loss-plot' };
  const svg = svgElement('svg', box, line, heldOutLine);
  const high = element('span', { class: 'loss-high' });
  const low = element('span', { class: 'loss-low' });
  root.replaceChildren(caption, element('div', { class: 'loss-frame' }, high, low, svg));

  function draw() {
    root.hidden = history.length < 2;
    if (root.hidden) return;
    const { points, heldOut, top, bottom } = lossLine(history, WIDTH, HEIGHT);
    line.setAttribute('points', points);
    heldOutLine.setAttribute('points', heldOut);
    setText(high, power(top));
    setText(low, power(bottom));
    const words = text().train;
    const [first, last] = [history[0], history[history.length - 1]];
    setText(caption, !last.isLoss ? words.lossCaption : last.heldOut === undefined ? words.treesCaption : words.heldOutCaption);
    const label = last.isLoss ? words.treesLabel : words.lossLabel;
    svg.setAttribute('aria-label', label(last.round, inPowers(first.value), inPowers(last.value)));
  }

  return ({ table, busy, progress, report, language }, previous) => {
    const before = history;
    // A fit that is resumed still has its progress; one that begins has none.
    const begins = busy === 'training' && previous.busy !== 'training' && !progress;
    if (begins || !table || table.file !== previous.table?.file) history = [];
    else if (progress && 'round' in progress && progress !== previous.progress) {
      history = (progress.passed ?? [progress]).reduce(withPoint, history);
    }
    const training = report !== previous.report ? report?.model.description.training : null;
    const record = training?.boosting ?? training?.forest;
    if (record) history = recordedHistory(record);
    if (history !== before || language !== previous.language) draw();
  };
}

/** @param {number} value */
const inPowers = (value) => value.toExponential(1);

/** @param {number} exponent */
const power = (exponent) => (exponent === 0 ? '1' : `1e${exponent}`);
