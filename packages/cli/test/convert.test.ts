import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors } from '@keepprob/convert';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newProject, type Project } from './support/program.ts';

const fixture = new URL('../../convert/test/fixtures/model.keras', import.meta.url);
let project: Project;
beforeAll(async () => {
  project = await newProject();
  await project.write('model.keras', await readFile(fixture));
});
afterAll(() => project.remove());

test('a model of Keras comes in, and goes out for PyTorch and Keras', async () => {
  const { code, err } = await project.run('import', 'model.keras', '--out', 'mine');
  expect([code, err]).toEqual([0, expect.stringContaining('5 layers, 99 weights, in mine/model.json')]);
  expect((await project.run('export', 'mine', '--to', 'torch', '--out', 'torch')).code).toBe(0);
  expect(await project.text('torch/model.py')).toContain('self.hidden = nn.Linear(4, 8)');
  expect(Object.keys(readSafetensors(await project.read('torch/model.safetensors')))).toContain('hidden.weight');
  expect((await project.run('export', 'model.keras', '--to', 'keras', '--out', 'keras')).code).toBe(0);
  expect(await project.text('keras/model.py')).toContain('kernel_regularizer=keras.regularizers.L2(0.0001)');
});

test('a model that was saved in parts comes in from its architecture and its shards', async () => {
  const parts = ['architecture.json', 'model_00000.weights.h5', 'model_00001.weights.h5'];
  for (const part of parts) await project.write(part, await readFile(new URL(part, fixture)));
  const [architecture = '', ...shards] = parts;
  const { code, err } = await project.run('import', architecture, '--out', 'whole', '--weights', ...shards);
  expect([code, err]).toEqual([0, expect.stringContaining('5 layers, 99 weights, in whole/model.json')]);
  const missing = await project.run('import', architecture, '--out', 'none');
  expect([missing.code, missing.err]).toEqual([2, expect.stringMatching(/expected weights with an architecture/)]);
});

test('plugins of the config come along, and those that only train are named', async () => {
  await project.write(
    'flowers.csv',
    ['a,b,c,d,kind', ...[0, 1, 2, 3, 4, 5].map(i => `${i},1,2,3,${'xyz'[i % 3]}`)].join('\n'),
  );
  await project.write('flowers.json', {
    model: [{ layer: 'dense', units: 3, activation: 'softmax' }],
    data: { train: { csv: 'flowers.csv' }, label: 'kind', classes: ['x', 'y', 'z'], validation: 0.5 },
    loss: 'categoricalCrossentropy',
    optimizer: 'adam',
    plugins: [{ plugin: 'l2', strength: 0.25 }, { plugin: 'earlyStopping' }],
    epochs: 1,
  });
  const { code, err } = await project.run(
    'export',
    'mine',
    '--to',
    'torch',
    '--config',
    'flowers.json',
    '--out',
    'held',
  );
  expect([code, err]).toEqual([0, expect.stringMatching(/left out +earlyStopping/)]);
  expect(await project.text('held/model.py')).toContain('0.25 * model.kind.weight.square().sum()');
});

test.each([
  [['import', 'none.keras', '--out', 'x'], /none\.keras/],
  [['import', 'flowers.csv', '--out', 'x'], /expected a \.keras file/],
  [['import', 'model.keras', '--out', 'mine'], /model\.json already exists.*--force/],
  [['export', 'mine', '--to', 'torch', '--out', 'torch'], /model\.py already exists.*--force/],
  [['export', 'mine', '--to', 'onnx', '--out', 'x'], /torch, keras/],
  [['predict', 'model.keras', 'flowers.csv'], /no preprocessing\.json next to it/],
])('%j: exit code 2', async (args, message) => {
  const { code, err } = await project.run(...args);
  expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  await expect(readFile(join(project.folder, 'x/model.json'))).rejects.toThrow('ENOENT');
});
