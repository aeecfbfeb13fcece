/** Browsers, and what bundlers make for them. */

import { bytesOfBody } from '../body.js';
import { LIES_ELSEWHERE } from '../engine.js';
import { reasonOf, unavailable } from '../errors.js';

/** Only browsers ask another server whether a page may read its files. */
const REMEDY = `see whether the address is right${typeof document === 'object' ? ', and whether its server allows this page (CORS)' : ''}`;

/** @param {string | URL} address */
export async function read(address) {
  return bytesOfBody(await fetched(address, REMEDY));
}

/** @param {() => string | URL} find where a build lies; a bundle that is no module does not know where it is */
export const codeAt = (find) => async () => {
  const address = found(find);
  const response = await fetched(address, LIES_ELSEWHERE);
  if (response.ok) return response.arrayBuffer();
  throw unavailable(`there is no engine at ${address}: the answer was ${response.status}; ${LIES_ELSEWHERE}`);
};

/** @param {() => string | URL} find */
export function found(find) {
  try {
    return find();
  } catch (error) {
    throw unavailable(`this bundle does not know where it lies, as modules do; ${LIES_ELSEWHERE}`, error);
  }
}

/** @param {string | URL} address @param {string} remedy */
async function fetched(address, remedy) {
  try {
    return await fetch(address);
  } catch (error) {
    throw unavailable(`${address} cannot be fetched (${reasonOf(error)}); ${remedy}`, error);
  }
}
