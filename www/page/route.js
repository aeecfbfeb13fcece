/**
 * Which view is shown: the address says it, so that links and the way back work. Where the address holds a row, which is
 * not to be replaced, the entry of the history says it.
 */

/** @typedef {'predict' | 'rows' | 'train' | 'model'} View */

/** By the ids of their panels. @type {readonly View[]} */
export const VIEWS = ['predict', 'rows', 'train', 'model'];

const ROW = '#row?';

/** @type {View} */
let shown = 'predict';
/** How far each view was scrolled when it was left. @type {Partial<Record<View, number>>} */
const places = {};
/** @type {((view: View) => void)[]} */
const listeners = [];

export const currentView = () => shown;

/** Whether the address holds a row, which no link may replace. */
export const isRowInAddress = () => location.hash.startsWith(ROW);

/** @param {View} view */
export function goTo(view) {
  // Not by the hash itself: the browser would scroll to the panel of that id.
  if (view !== shown) history.pushState({ view }, '', isRowInAddress() ? undefined : `#${view}`);
  follow();
}

/** @param {(view: View) => void} listener is told at once, and of every change */
export function onView(listener) {
  listeners.push(listener);
  listener(shown);
}

/** Shows the panel of the view, and of no other. Panels may have come since it was chosen. */
export function showCurrentView() {
  for (const view of VIEWS) {
    const panel = document.getElementById(view);
    if (panel) panel.hidden = view !== shown;
  }
}

/** @returns {View} a hash of no view leads to a place in the one that is shown */
function wanted() {
  const { hash } = location;
  if (isRowInAddress()) return VIEWS.find((view) => view === history.state?.view) ?? 'predict';
  return hash === '' ? 'predict' : (VIEWS.find((view) => `#${view}` === hash) ?? shown);
}

function follow() {
  const view = wanted();
  if (view === shown) return;
  places[shown] = scrollY;
  shown = view;
  showCurrentView();
  scrollTo(0, places[view] ?? 0);
  for (const listener of listeners) listener(view);
}

/** Begins with the view of the address, and follows it. */
export function followAddress() {
  history.scrollRestoration = 'manual';
  for (const event of ['hashchange', 'popstate']) addEventListener(event, follow);
  follow();
}
