/**
 * Takes files that are chosen with an input or dropped anywhere on an area.
 *
 * @param {HTMLElement} area
 * @param {HTMLInputElement} input
 * @param {(file: File) => void} take
 */
export function acceptFile(area, input, take) {
  const takeChosen = () => {
    const file = input.files?.[0];
    if (file) take(file);
    // The same file may be chosen again, after it was changed.
    input.value = '';
  };
  input.addEventListener('change', takeChosen);
  // One that was chosen before this script was there.
  takeChosen();
  area.addEventListener('dragover', (event) => {
    event.preventDefault();
    area.classList.add('is-drop-target');
  });
  area.addEventListener('dragleave', (event) => {
    const entered = event.relatedTarget;
    if (!(entered instanceof Node && area.contains(entered))) area.classList.remove('is-drop-target');
  });
  area.addEventListener('drop', (event) => {
    event.preventDefault();
    area.classList.remove('is-drop-target');
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  });
}

/** Without this a file dropped beside an area would replace the page, and with it the model. */
export function refuseStrayFiles() {
  for (const type of ['dragover', 'drop']) addEventListener(type, (event) => event.preventDefault());
}
