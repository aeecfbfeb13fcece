/**
 * Takes files that are chosen with an input.
 *
 * @param {HTMLInputElement} input
 * @param {(file: File) => void} take
 */
export function acceptFile(input, take) {
  const takeChosen = () => {
    const file = input.files?.[0];
    if (file) take(file);
    // The same file may be chosen again, after it was changed.
    input.value = '';
  };
  input.addEventListener('change', takeChosen);
  // One that was chosen before this script was there.
  takeChosen();
}

/**
 * Takes a file that is dropped anywhere on the page. Without this it would replace the page, and with it the model.
 *
 * @param {HTMLElement} area that shows where a file would fall
 * @param {(file: File, others: number) => void} take is told how many more were dropped with it
 */
export function acceptDrop(area, take) {
  const isFile = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    area.classList.toggle('is-drop-target', isFile(event));
  });
  document.addEventListener('dragleave', (event) => {
    // It left the window.
    if (event.relatedTarget === null) area.classList.remove('is-drop-target');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    area.classList.remove('is-drop-target');
    const [file, ...others] = event.dataTransfer?.files ?? [];
    if (file) take(file, others.length);
  });
}
