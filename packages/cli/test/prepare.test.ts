/** What a config makes, and which ones are refused before anything is trained. */
import { mkdir } from 'node:fs/promises';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepare, type Request } from '../src/run/prepare.ts';
import { config, table } from './support/circles.ts';
import { newProject, type Project } from './support/program.ts';

let project: Project;
beforeAll(async () => {
  project = await newProject();
  await project.write('circles.csv', table);
});
afterAll(() => project.remove());

async function prepared(name: string, content: unknown, request: Partial<Request> = {}) {
  const path = await project.write(name, content);
  return prepare({
    config: path,
    out: `${project.folder}/out`,
    backend: 'cpu',
    threads: 1,
    resume: false,
    replace: false,
    fastDevRun: false,
    seed: undefined,
    epochs: undefined,
    randomSeed: 99,
    ...request,
  });
}
const changed = (change: object): object => ({ ...config, ...change });
const { seed: _, ...unseeded } = config;
const kernel = async (content: object, request?: Partial<Request>) => {
  const { model, options } = await prepared('c.json', content, request);
  const [first] = (await model.getWeights()[0]!.array()) as number[][];
  model.dispose();
  return { first, seed: options.seed };
};

describe('a config', () => {
  test('gives a model whose first layer takes the shape of the data, and options as the command line changes them', async () => {
    const { model, data, options, preprocessing, backend } = await prepared('c.json', config, { epochs: 9, seed: 3 });
    expect(model.inputs[0]!.shape).toEqual([null, 2]);
    expect((data as unknown as { x: { shape: number[] } }).x.shape).toEqual([120, 2]);
    expect(options).toMatchObject({ epochs: 9, seed: 3, batchSize: 20, resume: false, metrics: ['accuracy'] });
    expect(options.plugins).toMatchObject([{ name: 'l2', config: { strength: 1e-4 } }]);
    expect(preprocessing).toMatchObject({ columns: ['a', 'b'] });
    expect(backend).toBe('cpu (JavaScript)');
    model.dispose();
  });

  test('the seed of the command line, of the config, or a random one is that of the initial weights, too', async () => {
    const config7 = await kernel(config);
    expect(config7.seed).toBe(7);
    expect(await kernel(unseeded, { seed: 7 })).toEqual(config7);
    expect(await kernel(config, { seed: 8 })).not.toEqual(config7);
    expect(await kernel(unseeded)).toEqual(await kernel(config, { seed: 99 }));
  });

  test('a run that goes on has the seed of its checkpoint, unless one is named', async () => {
    const { model, data, options } = await prepared('c.json', unseeded, { randomSeed: 5, epochs: 1 });
    await fit(model, data, { ...options, progress: false });
    model.dispose();
    expect(await kernel(unseeded, { resume: true })).toEqual(await kernel(config, { seed: 5 }));
    expect((await kernel(config, { resume: true })).seed).toBe(7);
    expect((await kernel(unseeded)).seed).toBe(99);
    // a function makes its data from it
    const program = 'export default ({ seed }) => ({ model: { seed }, data: {}, options: {} });';
    for (const [resume, seed] of [
      [true, 5],
      [false, 99],
    ] as const) {
      const made = await prepared('c.mjs', program, { resume });
      expect([made.model, made.options.seed]).toEqual([{ seed }, seed]);
    }
    expect((await prepared('c.mjs', program, { resume: true, seed: 6 })).model).toEqual({ seed: 6 });
  });

  test('leaves no tensor behind when it is refused', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    const layers = [...config.model, { layer: 'conv2d', filters: 1, kernelSize: 1 }];
    await expect(prepared('c.json', changed({ model: layers }))).rejects.toThrow('model[3]');
    await expect(prepared('c.json', changed({ plugins: [{ plugin: 'l2' }] }))).rejects.toThrow('plugins[0]');
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('is refused:', () => {
  const conv = { layer: 'conv2d', filters: 1, kernelSize: 1 };
  const program = 'export default () => ({ model: {}, data: {}, options: { resume: true } });';
  test.each<[string, string, unknown, string]>([
    [
      'another kind of file',
      'bad.csv',
      table,
      'bad.csv: expected a config that ends in one of .json, .ts, .mts, .js, .mjs.',
    ],
    ['what is no JSON', 'bad.json', '{ "model": }', 'bad.json: this is not JSON: Unexpected token'],
    [
      'a plugin of none',
      'bad.json',
      changed({ plugins: [{ plugin: 'l3' }] }),
      'bad.json: plugins[0]: there is no plugin "l3".',
    ],
    ['a layer without units', 'bad.json', changed({ model: [{ layer: 'dense' }] }), 'bad.json: model[0]: '],
    [
      'a layer that does not fit',
      'bad.json',
      changed({ model: [...config.model, conv] }),
      'bad.json: model[3]: Input 0 is',
    ],
    ['a model that is not there', 'bad.json', changed({ model: 'no/model.json' }), 'no/model.json: no such file.'],
    [
      'a model that is none',
      'bad.json',
      changed({ model: 'circles.csv' }),
      'circles.csv: expected a model: the folder of a run, or its model.json. Received: a table.',
    ],
    [
      'a module without config',
      'bad.ts',
      'export const config = 1;',
      'bad.ts: it exports no config. Write `export default',
    ],
    [
      'an import of what is not there',
      'bad2.ts',
      "import 'not-there/sub';",
      'bad2.ts: it needs not-there, which is not installed there.',
    ],
    ['a module that throws', 'bad.mjs', "throw new RangeError('boom');", 'bad.mjs: RangeError: boom\n    at '],
    [
      'an object of a module',
      'bad2.mjs',
      `export default ${JSON.stringify(changed({ epoch: 1 }))}`,
      'bad2.mjs: unknown option `epoch`.',
    ],
    [
      'a function that throws',
      'bad3.mjs',
      "export default () => { throw new Error('bang') };",
      'bad3.mjs: Error: bang\n    at ',
    ],
    [
      'a function without model',
      'bad4.mjs',
      'export default () => ({ data: {}, options: {} });',
      'bad4.mjs: option `model` is missing.',
    ],
    [
      'an option that is the program’s',
      'bad5.mjs',
      program,
      'bad5.mjs: invalid value for option `options.resume`. Expected nothing',
    ],
  ])('%s', async (_, name, content, message) => {
    const error = (await prepared(name, content).catch((e: Error) => e)) as Error;
    expect(error.message.replaceAll(`${project.folder}/`, '')).toContain(message);
    expect(error.name).toMatch(/^(Option|Data)Error$/);
  });

  test('a config that would have another copy of our packages', async () => {
    const copy = `${project.folder}/node_modules/@keepprob/core`;
    await mkdir(copy, { recursive: true });
    await project.write('node_modules/@keepprob/core/package.json', { name: '@keepprob/core', main: 'index.js' });
    await project.write('node_modules/@keepprob/core/index.js', '');
    await expect(prepared('c.mjs', 'export default 1')).rejects.toThrow(
      /the config uses another copy of @keepprob\/core .* Run `npm install keepprob` in the config's project/,
    );
    await expect(prepared('c.json', config)).resolves.toBeDefined();
  });
});
