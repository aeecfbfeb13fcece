// Models of other tools, opened in the page: the same model as on the command line.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, toView } from './watched.js';

const MODELS = [
  { file: 'xgboost/3.2.0/texts.json', from: 'XGBoost 3.2.0, reg:squarederror', field: 'b' },
  { file: 'xgboost/3.2.0/ubj.ubj', from: 'XGBoost 3.2.0, binary:logistic', field: 'a' },
  { file: 'lightgbm/4.7.0/pandas.txt', from: 'LightGBM v4, binary sigmoid:1', field: 'tens' },
  { file: 'catboost/1.2.10/text-classes.json', from: 'CatBoost 1.2.10, MultiClass', field: 'a' },
  { file: 'onnx/onnxruntime-1.32.0/skl_mlp_relu.onnx', from: 'ONNX skl2onnx 1.20.0', field: 'f0' },
  { file: 'sklearn/1.9.1/graph-stacking.json', from: 'scikit-learn 1.9.1, Pipeline', field: 'a' },
  { file: 'sklearn/1.9.1/logistic.json', from: 'scikit-learn 1.9.1, Pipeline', field: 'colour' },
];

for (const { file, from, field } of MODELS) {
  test(`${file} is the same model in the page and on the command line`, async ({ page }) => {
    const path = `tests/interop/${file}`;
    const native = join(mkdtempSync(join(tmpdir(), 'tepal-')), 'native.tepal');
    const said = execFileSync('target/debug/tepal', ['import', path, '-o', native], { encoding: 'utf8' });
    const [, digest] = /^digest +([0-9a-f]{64})$/m.exec(said);
    await page.goto('/');
    await expect(page.locator('input[name="petal width (cm)"]')).toBeVisible();
    await toView(page, 'model');
    await page.getByTestId('open-model').setInputFiles(path);
    await toView(page, 'predict');
    await expect(page.locator(`[name="${field}"]`)).toBeVisible();
    await expect(page.getByTestId('answer')).not.toHaveText('');
    await toView(page, 'model');
    const card = page.getByTestId('model-card');
    await expect(card).toContainText(`Imported from${from}`);
    await expect(card).toContainText(digest);
    await expect(page.getByTestId('page-error')).toBeHidden();

    // What is saved is a model file.
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-model').click()]);
    expect(readFileSync(await download.path()).subarray(0, 5).toString()).toBe('TEPAL');
  });
}

test('the parts of a network are estimated, and said to be', async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('input[name="petal width (cm)"]')).toBeVisible();
  await toView(page, 'model');
  await page.getByTestId('open-model').setInputFiles('tests/interop/onnx/onnxruntime-1.32.0/skl_mlp_number.onnx');
  await toView(page, 'predict');
  await page.locator('input[name="f1"]').fill('0.75');
  await expect(page.getByTestId('contributions-sum')).toContainText('The parts are estimated');
  await expect(page.getByTestId('contributions-parts')).toContainText('±');
  await expect(page.getByText('the range the model was trained on')).toBeHidden();
  await expect(page.getByTestId('answer')).not.toHaveText('');
});

test('what is not carried is refused in words, and leaves the model in use', async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('input[name="petal width (cm)"]')).toBeVisible();
  await toView(page, 'model');
  for (const [bytes, message] of [
    [readFileSync('tests/interop/xgboost/3.2.0/refused/aft.json'), 'survival:aft'],
    [readFileSync('tests/interop/lightgbm/4.7.0/refused/custom-objective.txt'), "objective of the caller's own"],
    [Buffer.from('\x80\x04\x95', 'latin1'), 'is a pickle'],
    [Buffer.from('{"learner": [1, 2'), 'the file ends where'],
    [Buffer.from('{"a": 1}'), 'has no format that tepal reads'],
  ]) {
    await page.getByTestId('open-model').setInputFiles({ name: 'model', mimeType: '', buffer: bytes });
    await expect(page.getByTestId('page-error')).toContainText(message, { ignoreCase: true });
  }
  await toView(page, 'predict');
  await expect(page.locator('input[name="petal width (cm)"]')).toBeVisible();
});
