import { text } from '../i18n/text.js';
import { csvOf } from '../page/chosen-file.js';
import { classesOf, given, holdsNumbers, mayBeBinary, thresholdRule } from '../page/train-options.js';
import { usualTarget } from '../page/training-tables.js';
import { OPTIONS, READ } from '../shared/options.js';
import { isLarge } from '../shared/protocol.js';
import { element, find, setText } from './element.js';
import { numberIn, watchNumber } from './number-box.js';
import { tableProfile } from './table-profile.js';
import { basicControls, expertControls, learnerControls, OF_LEARNERS, OF_SUMS, OF_TREES, OPENED } from './train-controls.js';

/** @import {Table, TrainSnapshot} from '../page/state.js' */
/** @import {TrainOptions} from '../pkg/train/tepal.js' */

/**
 * The controls of a fit, and the options that they stand for. An empty field and a first entry leave the choice to the
 * engine, which also checks what is entered.
 *
 * @param {HTMLElement} root
 */
export function trainSettings(root) {
  const input = (/** @type {string} */ name) => find(root, `input[name=${name}]`, HTMLInputElement);
  const choice = (/** @type {string} */ name) => find(root, `select[name=${name}]`, HTMLSelectElement);
  const control = (/** @type {string} */ name) =>
    /** @type {HTMLInputElement | HTMLSelectElement} */ (find(root, `[name=${name}]`, HTMLElement));
  const hint = (/** @type {string} */ id) => find(root, `#${id}`, HTMLElement);

  const settings = find(root, '.train-settings', HTMLFieldSetElement);
  find(settings, '.learner-settings', HTMLElement).replaceChildren(...learnerControls());
  find(settings, '.basic-settings .more-settings', HTMLElement).replaceChildren(...basicControls());
  find(settings, '.expert-settings .more-settings', HTMLElement).replaceChildren(...expertControls());
  const target = find(root, '[data-testid=train-target]', HTMLSelectElement);
  const [weights, positive, task, learner] = [choice('weights'), choice('positive'), choice('task'), choice('learner')];
  const [impute, imputeCategory, threshold, loss] = ['impute', 'impute-category', 'threshold', 'loss'].map(choice);
  const [calibrate, scale, asTheyAre] = [choice('calibrate'), choice('scale'), input('as-they-are')];
  const [heldOut, folds] = [input('held-out'), input('folds')];
  const numbers = [...settings.querySelectorAll('input')].filter(({ dataset }) => dataset.step !== undefined)
    .map((box) => watchNumber(box, hint(`${box.id}-note`)));
  const columns = tableProfile(find(root, '.table-profile', HTMLElement), (name) => {
    target.value = name;
    target.dispatchEvent(new Event('change', { bubbles: true }));
  });
  const opening = Object.entries(OPENED).map(([name, boxes]) => ({ select: choice(controlOf(name)), boxes }));
  /** @type {Table | null} */
  let table = null;

  settings.addEventListener('change', arrange);

  /** The target comes first: others depend on it. */
  const controls = () =>
    /** @type {(HTMLInputElement | HTMLSelectElement)[]} */ ([...settings.querySelectorAll(':is(input, select):is([id], [name]):not(.table-profile *)')]);
  /** @param {HTMLInputElement | HTMLSelectElement} one */
  const stateOf = (one) => (one instanceof HTMLInputElement && one.type === 'checkbox' ? one.checked : one.value);

  /** The first entry is none of the columns, whatever they are called. */
  const chosenWeights = () => (weights.selectedIndex > 0 ? weights.value : undefined);
  const targetColumn = () => {
    // Read once: a table may have thousands of columns.
    const { value } = target;
    return table?.profile.columns.find(({ name }) => name === value);
  };

  /** Shows what goes together, and puts away or switches off what has no use. */
  function arrange() {
    const words = text().train;
    const tooLarge = table !== null && isLarge(csvOf(table));
    const isTwo = task.value !== 'regression' && mayBeBinary(targetColumn());
    columns.setRoles(target.value, chosenWeights());
    heldOut.disabled = folds.disabled = tooLarge;
    find(root, '.all-fitted', HTMLElement).hidden = !tooLarge;
    calibrate.disabled = threshold.disabled = tooLarge || !isTwo;
    positive.disabled = !isTwo;
    // Trees are fitted to rows in memory.
    learner.disabled = tooLarge;
    const own = tooLarge ? undefined : OF_LEARNERS[learner.value];
    const isTrees = own !== undefined;
    for (const name of OF_SUMS) control(name).disabled = isTrees;
    scale.disabled ||= asTheyAre.checked;
    setText(hint('learner-hint'), tooLarge ? words.tooLarge : isTrees ? words.learnerHint : '');
    for (const name of OF_TREES) {
      showField(controlOf(name), isTrees && name in own);
      input(controlOf(name)).placeholder = String(own?.[name] ?? words.none);
    }
    // Only the boosting of a number has a choice of losses.
    const column = targetColumn();
    const isNumber = task.value === 'regression' || (task.value === '' && column !== undefined && holdsNumbers(column));
    const hasLoss = isNumber && own !== undefined && 'rounds' in own;
    showField('loss', hasLoss);
    showField('quantile', hasLoss && loss.value === 'quantile');
    loss.disabled = !hasLoss;
    // Only weighted sums and boosting have a penalty.
    showField('l2', !isTrees || learner.value === 'boosting');
    setText(hint('folds-hint'), tooLarge ? words.tooLarge : words.foldsHint);
    setText(hint('binary-hint'), isTwo ? '' : words.onlyTwo);
    setText(hint('calibrate-hint'), tooLarge ? words.tooLarge : isTwo ? words.calibrateHint : words.onlyTwo);
    for (const { select, boxes } of opening) {
      const opened = boxes[select.value] ?? [];
      for (const box of new Set(Object.values(boxes).flat())) showField(box, opened.includes(box));
    }
  }

  /** @param {string} id @param {boolean} isShown */
  function showField(id, isShown) {
    control(id).hidden = !isShown;
    for (const { box, note } of numbers) if (box.id === id) note.hidden = !isShown;
    find(root, `label[for=${id}]`, HTMLLabelElement).hidden = !isShown;
  }

  target.addEventListener('change', fillPositive);
  function fillPositive() {
    const classes = classesOf(targetColumn());
    const offered = classes.length === 2 ? classes : [];
    positive.replaceChildren(
      element('option', { value: '' }, text().train.lastInOrder),
      ...offered.map((name) => element('option', { value: name }, name)),
    );
  }

  /** @param {boolean} isReread whether it is the file of before, read otherwise: what was chosen stays where it can */
  function fillColumns(isReread) {
    const names = table?.profile.columns.map(({ name }) => name) ?? [];
    const choices = () => names.map((name) => element('option', { value: name }, name));
    const known = new Set(names);
    const keptOf = (/** @type {HTMLSelectElement} */ select) => (isReread && known.has(select.value) ? select.value : undefined);
    const kept = { target: keptOf(target), weights: keptOf(weights) };
    weights.replaceChildren(element('option', { value: '' }, text().train.none), ...choices());
    weights.value = kept.weights ?? '';
    target.replaceChildren(...choices());
    target.value = kept.target ?? (table ? usualTarget(table.name, names) : '');
    if (!isReread) task.value = calibrate.value = threshold.value = '';
  }

  return {
    /** While another table is read, these settings are about none. @param {boolean} isReading */
    wait(isReading) {
      settings.disabled = isReading;
    },

    /** @param {Table | null} shown another table, or the same in another language */
    show(shown) {
      const isSame = shown !== null && shown === table;
      const isReread = shown !== null && shown.file === table?.file;
      table = shown;
      settings.hidden = !table;
      columns.show(table, isReread);
      if (!isSame) fillColumns(isReread);
      const chosen = isSame ? positive.value : '';
      fillPositive();
      positive.value = chosen;
      setText(find(weights, 'option', HTMLOptionElement), text().train.none);
      for (const name of ['l2', 'tolerance', 'most-rounds']) input(name).placeholder = text().train.asDefault;
      folds.placeholder = text().train.none;
      for (const { check } of numbers) check();
      arrange();
    },

    /** Whether every number can be read; the first that cannot has the focus then, and its note says why. */
    areReadable() {
      const wrong = numbers.find(({ box, check }) => !box.disabled && !box.hidden && !check());
      if (!wrong) return true;
      const folded = wrong.box.closest('details');
      if (folded) folded.open = true;
      wrong.box.focus();
      return false;
    },

    target: () => target.value,

    /** @param {Parameters<typeof columns.change>[0]} changes */
    changeColumns(changes) {
      columns.change(changes);
      settings.dispatchEvent(new Event('change', { bubbles: true }));
    },

    /** @returns {TrainSnapshot} */
    snapshot: () => ({ controls: Object.fromEntries(controls().map((one) => [one.id || one.name, stateOf(one)])), columns: columns.changes() }),

    /** @param {TrainSnapshot} snapshot of the same table */
    restore(snapshot) {
      columns.change(snapshot.columns);
      for (const one of controls()) {
        const kept = snapshot.controls[one.id || one.name];
        if (typeof kept === 'boolean' && one instanceof HTMLInputElement) one.checked = kept;
        else if (typeof kept === 'string') one.value = kept;
        // The classes to choose from are those of the target.
        if (one === target) fillPositive();
      }
      for (const { check } of numbers) check();
      arrange();
    },

    /** @returns {TrainOptions} */
    options() {
      const isOf = (/** @type {HTMLSelectElement | HTMLInputElement} */ control) => !control.disabled;
      const chosen = (/** @type {HTMLSelectElement} */ select) =>
        isOf(select) && select.value !== '' ? select.value : undefined;
      const entered = (/** @type {string} */ name) => {
        const field = input(name);
        const value = numberIn(field);
        return isOf(field) && !field.hidden && !Number.isNaN(value) ? value : undefined;
      };
      const isTicked = (/** @type {string} */ name) => isOf(input(name)) && input(name).checked;
      /** What is more than the value of one control. @type {Partial<Record<keyof TrainOptions, unknown>>} */
      const composed = {
        target: target.value,
        drop: columns.dropped(),
        kinds: columns.kinds(),
        about: columns.about(),
        weights: chosenWeights(),
        test: (entered('held-out') ?? 0) / 100 || undefined,
        impute: isOf(impute) && impute.value === 'value' ? entered('impute-value') : chosen(impute),
        imputeCategory:
          isOf(imputeCategory) && imputeCategory.value === 'own' ? input('own-category').value : chosen(imputeCategory),
        scale: isTicked('as-they-are') ? 'none' : chosen(scale),
        intercept: isTicked('no-intercept') ? false : undefined,
        threshold: thresholdRule({
          rule: chosen(threshold) ?? '',
          value: numberIn(input('threshold-value')),
          falsePositive: entered('cost-positive') ?? Number.NaN,
          falseNegative: entered('cost-negative') ?? Number.NaN,
        }),
      };
      const entries = Object.entries(OPTIONS).map(([name, { kind, control }]) => {
        if (name in composed) return [name, composed[/** @type {keyof TrainOptions} */ (name)]];
        // How the file is read is said where it is chosen.
        if (control === undefined || name in READ) return [name, undefined];
        if (kind === 'flag') return [name, isTicked(control) || undefined];
        return [name, kind === 'number' || kind === 'wholeNumber' ? entered(control) : chosen(choice(control))];
      });
      return given(Object.fromEntries(entries));
    },
  };
}

/** @param {string} name of an option */
const controlOf = (name) => /** @type {string} */ (OPTIONS[/** @type {keyof TrainOptions} */ (name)].control);
