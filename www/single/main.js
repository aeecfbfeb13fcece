/**
 * The page of one model in one file: the part of the page that predicts, with everything inside.
 * `scripts/single.mjs` puts it together.
 */

import { preferredLanguage, useLanguage } from '../i18n/language.js';
import { caseActions } from '../page/case-actions.js';
import { DirectEngine } from '../page/direct-engine.js';
import { keepAnswering, keepExplaining } from '../page/predictions.js';
import { createStore, INITIAL_STATE } from '../page/state.js';
import { answerView } from '../views/answer.js';
import { decisionView } from '../views/decision.js';
import { find } from '../views/element.js';
import { iconArray } from '../views/icon-array.js';
import { languageChoice } from '../views/language.js';
import { modelFacts } from '../views/model-card.js';
import { predictForm } from '../views/predict-form.js';
import { shareRow } from '../views/share-row.js';
import { contributionsView } from '../views/contributions.js';
import { whatIf } from '../views/what-if.js';

/**
 * @param {Uint8Array<ArrayBuffer>} build the predict build
 * @param {Uint8Array<ArrayBuffer>} bytes a model file
 */
export async function start(build, bytes) {
  const engine = new DirectEngine(build);
  const description = await engine.open(bytes);
  const language = preferredLanguage();
  await useLanguage(language);
  document.title = description.name;
  find(document, 'h1', HTMLElement).textContent = description.name;

  const store = createStore({ ...INITIAL_STATE, language });
  const actions = caseActions(store);
  /** @param {string} selector */
  const part = (selector) => find(document, selector, HTMLElement);
  const views = [
    languageChoice(find(document, '.language', HTMLSelectElement), actions),
    predictForm(part('.inputs'), actions),
    answerView(part('.answer')),
    iconArray(part('.icon-array')),
    decisionView(part('.predict')),
    contributionsView(part('.contributions')),
    whatIf(part('.predict'), actions),
    shareRow(part('.share-row')),
    modelFacts(find(document, '[data-testid=model-card]', HTMLDListElement)),
  ];
  for (const view of views) store.subscribe(view);
  // A file answers by itself: there is no server to stand in for it.
  keepAnswering(store, { device: engine, server: engine });
  keepExplaining(store, engine);
  store.set({ model: { bytes, description } });
}
