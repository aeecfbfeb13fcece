// What a page does without tepal: a form, and a generated model that is scored in ten lines of JavaScript.
import { model } from './model.js';

const fields = document.querySelector('.fields');
for (const { name, minimum, maximum, median, step } of model.features) {
  const field = document.createElement('div');
  field.className = 'field';
  field.innerHTML = '<label></label><input type="number"><input type="range"><span class="field-range"></span>';
  field.querySelector('label').textContent = name;
  field.querySelector('.field-range').textContent = `${minimum} to ${maximum}`;
  for (const input of field.querySelectorAll('input')) {
    Object.assign(input, { name, min: minimum, max: maximum, step: step ?? 'any', value: median, ariaLabel: name });
    input.addEventListener('input', () => {
      for (const other of field.querySelectorAll('input')) if (other !== input) other.value = input.value;
      show();
    });
  }
  fields.append(field);
}

function predict(row) {
  const scores = model.outputs.map(({ intercept, coefficients }) =>
    coefficients.reduce((sum, coefficient, i) => sum + coefficient * row[i], intercept),
  );
  const most = Math.max(...scores);
  const weights = scores.map((score) => Math.exp(score - most));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function show() {
  const row = [...fields.querySelectorAll('input[type=number]')].map((input) => input.valueAsNumber);
  const probabilities = predict(row);
  const best = probabilities.indexOf(Math.max(...probabilities));
  document.querySelector('tbody').replaceChildren(...probabilities.map((probability, i) => {
    const line = document.createElement('tr');
    line.innerHTML = '<th></th><td class="bar-cell"><span class="bar"></span></td><td class="share"></td>';
    line.querySelector('th').textContent = model.classes[i];
    line.querySelector('.bar').style.setProperty('--share', probability);
    line.querySelector('.share').textContent = `${(100 * probability).toFixed(1)} %`;
    return line;
  }));
  document.querySelector('.answer-share').textContent = `${(100 * probabilities[best]).toFixed(1)} %`;
  document.querySelector('.answer-value').textContent = model.classes[best];
}
show();
