/** The styles of a form and its answer, wherever it stands: on the page, in one file, or in an element. */
export const SHEETS = ['styles/tokens.css', 'styles/base.css', 'styles/predict.css', 'styles/reasons.css', 'styles/print.css'];

/** Of these, what the page's first answer need not wait for. */
export const LATER = ['styles/reasons.css', 'styles/print.css'];
