import { invalid, reasonOf, unavailable } from './errors.js';

/**
 * @param {any} body a Response, a Blob or a File
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function bytesOfBody(body) {
  if (body.ok === false) {
    const status = `${body.status} ${body.statusText ?? ''}`.trim();
    throw unavailable(`there is no file at ${body.url || 'that address'}: the answer was ${status}; see whether the address is right`);
  }
  if (body.bodyUsed) throw invalid('the Response was read before; give `response.clone()`, or its bytes');
  try {
    return new Uint8Array(await body.arrayBuffer());
  } catch (error) {
    throw unavailable(`the file cannot be read: ${reasonOf(error)}; choose or fetch it again`, error);
  }
}
