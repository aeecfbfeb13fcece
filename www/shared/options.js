/** @import {FitOptions, Roles, TrainOptions} from '../pkg/train/tepal.js' */

/**
 * What the columns are for, and how to fit to them. A name that nobody knows is among the latter, and refused there.
 *
 * @param {TrainOptions} options
 * @returns {{roles: Roles, fitOptions: FitOptions}}
 */
export function rolesAndFit(options) {
  const { target, drop, task, positive, weights, kinds, about, delimiter, decimal, header, missing, ...fitOptions } =
    options;
  const roles = { target, drop, task, positive, weights, kinds, about, delimiter, decimal, header, missing };
  return { roles, fitOptions };
}
