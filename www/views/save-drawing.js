import { svgElement } from './svg.js';

/** Attributes that hold colours, which in the page may be those of its style sheet. */
const PAINTED = ['fill', 'stroke'];

/**
 * Saves a drawing as a file of its own: with the colours it has in the page now, since the page's style sheet stays
 * behind.
 *
 * @param {SVGSVGElement} drawn
 * @param {string} name of the file
 * @param {string} label
 */
export function saveDrawing(drawn, name, label) {
  const file = new Blob([standalone(drawn, label)], { type: 'image/svg+xml' });
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}.svg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * @param {SVGSVGElement} drawn
 * @param {string} label
 * @returns {string} an XML document
 */
function standalone(drawn, label) {
  const style = getComputedStyle(drawn);
  const copy = /** @type {SVGSVGElement} */ (drawn.cloneNode(true));
  for (const one of copy.querySelectorAll('.crosshair')) one.remove();
  for (const one of [copy, ...copy.querySelectorAll('*')]) {
    for (const attribute of PAINTED) {
      const variable = /^var\((--[\w-]+)\)$/.exec(one.getAttribute(attribute) ?? '')?.[1];
      if (variable) one.setAttribute(attribute, style.getPropertyValue(variable).trim());
    }
    one.removeAttribute('class');
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('color', style.color);
  const { width, height } = drawn.viewBox.baseVal;
  const paper = svgElement('rect', { width, height, fill: style.getPropertyValue('--panel').trim() });
  copy.setAttribute('xml:space', 'preserve');
  copy.prepend(svgElement('title', {}, label), paper);
  return new XMLSerializer().serializeToString(copy);
}
