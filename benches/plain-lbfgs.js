// L-BFGS as the author of a page would write it with care, in doubles and without a dependency: what WebAssembly is
// measured against.

const MEMORY = 10;
const ARMIJO = 1e-4;
const CURVATURE = 0.9;
const MAX_TRIALS = 30;
const SAME_OBJECTIVE = 1e-9;

/** Four sums, because one alone waits for the addition before it. */
function dot(a, aStart, b, bStart, length) {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    s0 += a[aStart + i] * b[bStart + i];
    s1 += a[aStart + i + 1] * b[bStart + i + 1];
    s2 += a[aStart + i + 2] * b[bStart + i + 2];
    s3 += a[aStart + i + 3] * b[bStart + i + 3];
  }
  for (; i < length; i++) s0 += a[aStart + i] * b[bStart + i];
  return s0 + s1 + (s2 + s3);
}

/** y += factor * x */
function addTo(y, yStart, factor, x, xStart, length) {
  for (let i = 0; i < length; i++) y[yStart + i] += factor * x[xStart + i];
}

const product = (a, b) => dot(a, 0, b, 0, a.length);

/**
 * The losses of one row find its scores at `at` and leave there the derivatives by them.
 * @typedef {(scores: Float64Array, at: number, target: number) => number} RowLoss
 */

/** @type {RowLoss} */
function squaredError(scores, at, target) {
  const residual = scores[at] - target;
  scores[at] = residual;
  return (residual * residual) / 2;
}

/** @type {RowLoss} */
function binaryLogLoss(scores, at, code) {
  const score = scores[at];
  const small = Math.exp(-Math.abs(score));
  scores[at] = (score >= 0 ? 1 : small) / (1 + small) - code;
  return Math.max(score, 0) - code * score + Math.log1p(small);
}

/** @returns {RowLoss} */
function multinomialLogLoss(classes) {
  return (scores, at, code) => {
    let largest = -Infinity;
    for (let k = at; k < at + classes; k++) largest = Math.max(largest, scores[k]);
    const scoreOfCode = scores[at + code];
    let total = 0;
    for (let k = at; k < at + classes; k++) {
      const exponential = Math.exp(scores[k] - largest);
      scores[k] = exponential;
      total += exponential;
    }
    scores[at + code] -= total;
    for (let k = at; k < at + classes; k++) scores[k] /= total;
    return largest - scoreOfCode + Math.log(total);
  };
}

/** The scores of four rows by one output: each weight is read once for the four. */
function scoreFour(parameters, block, x, start, features, scores, at, outputs) {
  let s0 = parameters[block + features];
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const [x1, x2, x3] = [start + features, start + 2 * features, start + 3 * features];
  for (let j = 0; j < features; j++) {
    const weight = parameters[block + j];
    s0 += weight * x[start + j];
    s1 += weight * x[x1 + j];
    s2 += weight * x[x2 + j];
    s3 += weight * x[x3 + j];
  }
  scores[at] = s0;
  scores[at + outputs] = s1;
  scores[at + 2 * outputs] = s2;
  scores[at + 3 * outputs] = s3;
}

/** What four rows add to the gradient of one output. */
function pullFour(gradient, block, x, start, features, scores, at, outputs) {
  const r0 = scores[at];
  const r1 = scores[at + outputs];
  const r2 = scores[at + 2 * outputs];
  const r3 = scores[at + 3 * outputs];
  const [x1, x2, x3] = [start + features, start + 2 * features, start + 3 * features];
  for (let j = 0; j < features; j++) {
    gradient[block + j] += r0 * x[start + j] + r1 * x[x1 + j] + (r2 * x[x2 + j] + r3 * x[x3 + j]);
  }
  gradient[block + features] += r0 + r1 + (r2 + r3);
}

/**
 * The loss summed over the rows. Parameters are the weights and the intercept of the first output, then of the next;
 * the derivatives are added to the gradient.
 * @param {RowLoss} rowLoss
 */
function summed(rowLoss, outputs, { x, codesOrNumbers, rows, features }) {
  const scores = new Float64Array(4 * outputs);
  const size = features + 1;
  const fours = rows - (rows % 4);
  return (parameters, gradient) => {
    let loss = 0;
    for (let row = 0; row < fours; row += 4) {
      const start = row * features;
      for (let k = 0; k < outputs; k++) scoreFour(parameters, k * size, x, start, features, scores, k, outputs);
      for (let i = 0; i < 4; i++) loss += rowLoss(scores, i * outputs, codesOrNumbers[row + i]);
      for (let k = 0; k < outputs; k++) pullFour(gradient, k * size, x, start, features, scores, k, outputs);
    }
    for (let row = fours; row < rows; row++) {
      const start = row * features;
      for (let k = 0; k < outputs; k++) {
        scores[k] = dot(parameters, k * size, x, start, features) + parameters[k * size + features];
      }
      loss += rowLoss(scores, 0, codesOrNumbers[row]);
      for (let k = 0; k < outputs; k++) {
        addTo(gradient, k * size, scores[k], x, start, features);
        gradient[k * size + features] += scores[k];
      }
    }
    return loss;
  };
}

/** From a gradient of zero, the loss and l2 / 2 times the squared weights; intercepts go free. */
function penalized(loss, { features, l2 }) {
  const block = features + 1;
  return (parameters, gradient) => {
    gradient.fill(0);
    let value = loss(parameters, gradient);
    for (let start = 0; start < parameters.length; start += block) {
      value += (l2 / 2) * dot(parameters, start, parameters, start, features);
      addTo(gradient, start, l2, parameters, start, features);
    }
    return value;
  };
}

/** The steps and gradient differences of the last MEMORY iterations, in rings. */
class History {
  constructor(length) {
    this.steps = Array.from({ length: MEMORY }, () => new Float64Array(length));
    this.changes = Array.from({ length: MEMORY }, () => new Float64Array(length));
    this.inverses = new Float64Array(MEMORY);
    this.factors = new Float64Array(MEMORY);
    this.clear();
  }

  clear() {
    this.count = 0;
    this.next = 0;
    this.scale = 1;
  }

  add(from, to, gradientFrom, gradientTo) {
    const step = this.steps[this.next];
    const change = this.changes[this.next];
    for (let i = 0; i < step.length; i++) {
      step[i] = to[i] - from[i];
      change[i] = gradientTo[i] - gradientFrom[i];
    }
    const curvature = product(step, change);
    const squared = product(change, change);
    // Without positive curvature the inverse would not be positive definite.
    if (!(curvature > Number.EPSILON * squared * this.scale)) return;
    this.inverses[this.next] = 1 / curvature;
    this.scale = curvature / squared;
    this.next = (this.next + 1) % MEMORY;
    this.count = Math.min(this.count + 1, MEMORY);
  }

  /** The two-loop recursion: direction = -(inverse Hessian) * gradient. */
  direction(gradient, direction) {
    const { steps, changes, inverses, factors, count, next } = this;
    for (let i = 0; i < gradient.length; i++) direction[i] = -gradient[i];
    for (let age = 1; age <= count; age++) {
      const slot = (next - age + MEMORY) % MEMORY;
      factors[slot] = inverses[slot] * product(steps[slot], direction);
      addTo(direction, 0, -factors[slot], changes[slot], 0, direction.length);
    }
    for (let i = 0; i < direction.length; i++) direction[i] *= this.scale;
    for (let age = count; age >= 1; age--) {
      const slot = (next - age + MEMORY) % MEMORY;
      const factor = factors[slot] - inverses[slot] * product(changes[slot], direction);
      addTo(direction, 0, factor, steps[slot], 0, direction.length);
    }
  }
}

/** Where the cubic through two values and slopes is least, kept off the ends. */
function between(a, valueA, slopeA, b, valueB, slopeB) {
  const d1 = slopeA + slopeB - (3 * (valueA - valueB)) / (a - b);
  const d2 = Math.sign(b - a) * Math.sqrt(d1 * d1 - slopeA * slopeB);
  const least = b - ((b - a) * (slopeB + d2 - d1)) / (slopeB - slopeA + 2 * d2);
  const share = (least - a) / (b - a);
  return a + (b - a) * (Number.isFinite(share) ? Math.min(Math.max(share, 0.1), 0.9) : 0.5);
}

/**
 * Minimizes from zero until the objective is within SAME_OBJECTIVE of the goal or the time is over.
 * @param {(parameters: Float64Array, gradient: Float64Array) => number} objective
 */
function minimize(objective, length, goal, maxMilliseconds) {
  const enough = goal + SAME_OBJECTIVE * Math.abs(goal);
  const deadline = performance.now() + maxMilliseconds;
  const history = new History(length);
  const direction = new Float64Array(length);
  let point = new Float64Array(length);
  let gradient = new Float64Array(length);
  let trial = new Float64Array(length);
  let trialGradient = new Float64Array(length);
  let value = objective(point, gradient);
  let trialValue = value;
  let evaluations = 1;

  function slopeAt(step) {
    for (let i = 0; i < length; i++) trial[i] = point[i] + step * direction[i];
    trialValue = objective(trial, trialGradient);
    evaluations++;
    return product(trialGradient, direction);
  }

  /** The strong Wolfe conditions (Nocedal and Wright, "Numerical Optimization", algorithms 3.5 and 3.6). */
  function search(firstStep, slope) {
    let [low, lowValue, lowSlope] = [0, value, slope];
    let [high, highValue, highSlope] = [Infinity, 0, 0];
    let step = firstStep;
    for (let trials = 0; trials < MAX_TRIALS; trials++) {
      const stepSlope = slopeAt(step);
      if (trialValue <= enough) return true;
      if (!(trialValue <= value + ARMIJO * step * slope && (low === 0 || trialValue < lowValue))) {
        [high, highValue, highSlope] = [step, trialValue, stepSlope];
      } else if (Math.abs(stepSlope) <= -CURVATURE * slope) {
        return true;
      } else {
        if (stepSlope * (high - low) >= 0) [high, highValue, highSlope] = [low, lowValue, lowSlope];
        [low, lowValue, lowSlope] = [step, trialValue, stepSlope];
      }
      step = high === Infinity ? 4 * low : between(low, lowValue, lowSlope, high, highValue, highSlope);
      if (step === low || performance.now() > deadline) break;
    }
    return trialValue < value;
  }

  while (value > enough && performance.now() <= deadline) {
    history.direction(gradient, direction);
    let slope = product(gradient, direction);
    if (!(slope < 0)) {
      if (history.count === 0) break;
      history.clear();
      continue;
    }
    const firstStep = history.count === 0 ? 1 / Math.sqrt(-slope) : 1;
    if (search(firstStep, slope)) {
      history.add(point, trial, gradient, trialGradient);
      [point, trial, gradient, trialGradient] = [trial, point, trialGradient, gradient];
      value = trialValue;
    } else if (history.count > 0) {
      history.clear();
    } else {
      break;
    }
  }
  return { objective: value, evaluations, reached: value <= enough };
}

/**
 * @param {object} problem
 * @param {Float64Array} problem.x row after row
 * @param {Float64Array} problem.codesOrNumbers class codes 0..classes-1, or numbers
 * @param {number} problem.rows
 * @param {number} problem.features
 * @param {number} problem.classes 0 for a regression
 * @param {number} problem.l2
 * @param {number} problem.objectiveGoal the least objective known
 * @param {number} problem.maxMilliseconds
 * @returns {{objective: number, evaluations: number, reached: boolean}}
 */
export function fit(problem) {
  const { classes, features } = problem;
  const outputs = classes > 2 ? classes : 1;
  const rowLoss = classes === 0 ? squaredError : classes === 2 ? binaryLogLoss : multinomialLogLoss(classes);
  const objective = penalized(summed(rowLoss, outputs, problem), problem);
  return minimize(objective, outputs * (features + 1), problem.objectiveGoal, problem.maxMilliseconds);
}
