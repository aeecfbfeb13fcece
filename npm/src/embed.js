/** The page of one model in a frame: the element, and word of its height. `scripts/embed.mjs` puts it together. */

import { find } from '../../www/views/element.js';
import { TepalPredictor } from './element.js';

const predictor = find(document, 'tepal-predictor', TepalPredictor);
document.documentElement.lang = navigator.language;
predictor.addEventListener('tepal-load', (event) => {
  document.title = /** @type {CustomEvent} */ (event).detail.description.name;
});
predictor.model = Uint8Array.from(atob(find(document, '#model', HTMLElement).textContent ?? ''), (letter) => letter.charCodeAt(0));

// The page around the frame learns the height, and no values.
new ResizeObserver(() => {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  parent.postMessage({ type: 'tepal-height', height }, '*');
}).observe(document.body);
