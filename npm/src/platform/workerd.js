/** workerd, which compiles no code while it runs: builds are imported as modules. */

export { read, codeAt } from './web.js';
