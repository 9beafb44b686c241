/** Plugins and layers of others, from the node_modules of the config's project. */
import { mkdir } from 'node:fs/promises';
import { serialization } from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { config, table } from '../support/circles.ts';
import { newProject, type Project } from '../support/program.ts';

const core = new URL('../../../core/dist/index.js', import.meta.url).href;
const layers = new URL('../../../core/dist/layers.js', import.meta.url).href;
const tf = import.meta.resolve('@tensorflow/tfjs-core');

/** A factory as authors write it: λ Σ |w|. */
const source = (name: string): string => `definePlugin({
  name: '${name}',
  shorthand: 'strength',
  options: { strength: option.number({ min: 0 }) },
  setup: ({ strength }) => ({
    penalty: weights => tf.mul(strength, tf.addN(weights.map(w => tf.sum(tf.abs(w.variable))))),
  }),
})`;
/** A factory of layers that halve, or whatever the factor is, in training. */
const layerSource = (name: string): string => `defineLayer({
  name: '${name}',
  className: 'KeepprobPlugin${name}',
  options: { factor: option.number({ min: 0 }) },
  forward: (x, { factor }) => tf.mul(x, factor),
})`;
const imports = `import { definePlugin, option } from '${core}'; import { defineLayer, defineMergeLayer, defineReparametrization } from '${layers}'; import * as tf from '${tf}';`;

let project: Project;
async function install(name: string, code: string, exports: unknown = './index.js'): Promise<void> {
  await mkdir(`${project.folder}/node_modules/${name}`, { recursive: true });
  const manifest = { name, version: '1.0.0', type: 'module', exports };
  await project.write(`node_modules/${name}/package.json`, manifest);
  await project.write(`node_modules/${name}/index.js`, code);
}

beforeAll(async () => {
  project = await newProject();
  await project.write('circles.csv', table);
  await install('keepprob-plugin-one', `${imports} export const one = ${source('one')};`);
  await install(
    '@me/keepprob-plugin-two',
    `${imports} export const first = ${source('first')}; export const second = ${source('second')};`,
  );
  await install('keepprob-plugin-none', 'export const one = 1;');
  await install(
    'keepprob-plugin-old',
    `${imports} const make = ${source('old')}; export default Object.assign(o => ({ ...make(o), apiVersion: 0 }), { definition: make.definition });`,
  );
  await install('keepprob-plugin-broken', "throw new TypeError('boom');");
  await install('keepprob-plugin-hush', `${imports} export const hush = ${layerSource('hush')};`, {
    '.': { import: './index.js' },
  });
  await install(
    'keepprob-plugin-squash',
    `${imports} export const squash = defineReparametrization({ name: 'squash', className: 'KeepprobPluginSquash', options: {}, kernel: w => tf.tanh(w) });`,
  );
  await install(
    'keepprob-plugin-mean',
    `${imports} export const mean = defineMergeLayer({ name: 'mean', className: 'KeepprobPluginMean', options: {}, forward: ([a]) => a, inference: ([a]) => a });`,
  );
  await install(
    'keepprob-plugin-past',
    `${imports} const make = ${layerSource('past')};
    const mark = { [Symbol.for('keepprob.layerPlugin')]: { apiVersion: 0, version: '0.0.1' } };
    export const past = Object.assign(o => Object.assign(make(o), mark), { definition: make.definition, layerClass: make.layerClass });`,
  );
  await install('keepprob-plugin-linked', `export const linked = 1;`);
  await install('keepprob-plugin-linked/node_modules/@tensorflow/tfjs-core', '');
});
afterAll(() => project.remove());

const train = async (...plugins: object[]) => {
  await project.write('c.json', { ...config, epochs: 1, plugins });
  return project.run('train', 'c.json', '--fast-dev-run', '--backend', 'cpu', '--progress', 'lines');
};
const penaltyOf = (out: string): number => Number(/penalty ([\d.e+-]+)/.exec(out)?.[1]);

describe('a package of others', () => {
  test('acts as its factory says', async () => {
    const weak = await train({ plugin: 'keepprob-plugin-one', strength: 0.01 });
    const strong = await train({ plugin: 'keepprob-plugin-one', strength: 0.02 });
    expect([weak.code, strong.code, weak.err]).toEqual([0, 0, '']);
    expect(penaltyOf(strong.out) / penaltyOf(weak.out)).toBeCloseTo(2, 2);
  });

  test('that exports several is asked for one of them, also within others', async () => {
    const spec = { plugin: '@me/keepprob-plugin-two#second', strength: 0.01 };
    const { code, out } = await train({ plugin: 'chain', of: [spec] });
    expect(code).toBe(0);
    expect(penaltyOf(out)).toBeGreaterThan(0);
  });

  test('may stand made already in an object of a module, alone and within others', async () => {
    const made = JSON.stringify({ ...config, epochs: 1 });
    const object = `{ ...${made}, plugins: [one(0.01), { plugin: 'chain', of: [one(0.01)] }] }`;
    await project.write('c.mjs', `import { one } from 'keepprob-plugin-one'; export default ${object};`);
    const { code, out } = await project.run(
      'train',
      'c.mjs',
      '--fast-dev-run',
      '--backend',
      'cpu',
      '--progress',
      'lines',
    );
    expect(code).toBe(0);
    expect(penaltyOf(out)).toBeGreaterThan(0);
  });

  test.each<[string, string]>([
    [
      'keepprob-plugin-three',
      'c.json: it needs keepprob-plugin-three, which is not installed there. Run `npm install keepprob-plugin-three`.',
    ],
    [
      '@me/keepprob-plugin-two',
      'exports several factories. Name one: "@me/keepprob-plugin-two#first", "@me/keepprob-plugin-two#second".',
    ],
    [
      '@me/keepprob-plugin-two#secnd',
      'exports no factory of plugins "secnd". Did you mean "@me/keepprob-plugin-two#second"?',
    ],
    [
      'keepprob-plugin-none',
      'c.json: keepprob-plugin-none exports no factory of plugins, as definePlugin of @keepprob/core makes them.',
    ],
    [
      'keepprob-plugin-old',
      'keepprob-plugin-old was written for version 0 of the plugin contract; keepprob has version 1.',
    ],
    [
      'keepprob-plugin-hush',
      'c.json: keepprob-plugin-hush makes layers. Name it in `model`: { "layer": "keepprob-plugin-hush", … }.',
    ],
    ['keepprob-plugin-linked', 'c.json: keepprob-plugin-linked uses another copy of @tensorflow/tfjs-core ('],
    ['keepprob-plugin-broken', 'c.json: keepprob-plugin-broken fails while it is loaded: TypeError: boom'],
    ['keepprob-plugin-one/../../x', 'there is no plugin "keepprob-plugin-one/../../x".'],
  ])('%s is refused', async (plugin, message) => {
    const { code, err } = await train({ plugin, strength: 0.1 });
    expect(err).toContain(message);
    expect(code).toBe(2);
  });

  test('with an option that it does not take is refused by its factory', async () => {
    const { err } = await train({ plugin: 'keepprob-plugin-one', strenght: 0.1 });
    expect(err).toContain('c.json: plugins[0]: one: unknown option `strenght`. Did you mean `strength`?');
  });
});

describe('a layer of others', () => {
  const [first, dropped, last] = config.model;
  const trainWith = async (...layers: object[]) => {
    await project.write('l.json', { ...config, epochs: 1, model: [...layers, last] });
    return project.run('train', 'l.json', '--force', '--backend', 'cpu', '--progress', 'none');
  };
  const hush = { layer: 'keepprob-plugin-hush', factor: 0.5 };

  test('trains in a config, and whatever looks at the model later finds it again', async () => {
    const squash = { layer: 'keepprob-plugin-squash', of: first };
    expect(await trainWith(hush, squash, dropped ?? {})).toMatchObject({ code: 0, err: '' });
    const model = 'runs/l/model.json';
    const { modelTopology, userDefinedMetadata } = JSON.parse(await project.text(model));
    expect(JSON.stringify(modelTopology)).toMatch(/KeepprobPluginhush.*KeepprobPluginSquash/);
    expect(userDefinedMetadata.packages).toEqual(['keepprob-plugin-hush', 'keepprob-plugin-squash']);
    // as another process would find it
    const known = serialization.SerializationMap.getMap().classNameMap;
    for (const name of ['KeepprobPluginhush', 'KeepprobPluginSquash']) delete known[name];
    const cpu = ['--backend', 'cpu'];
    expect(await project.run('evaluate', model, '--config', 'l.json', ...cpu)).toMatchObject({ code: 0 });
    expect(await project.run('predict', model, 'circles.csv', ...cpu)).toMatchObject({ code: 0 });
    await project.write('again.json', { ...config, model });
    const again = await project.run('train', 'again.json', '--fast-dev-run', '--progress', 'none', ...cpu);
    expect(again).toMatchObject({ code: 0, err: '' });
  });

  test('that is gone when the model is looked at is named', async () => {
    await project.write('gone.json', (await project.text('runs/l/model.json')).replaceAll('-hush', '-gone'));
    const { code, err } = await project.run('predict', 'gone.json', 'circles.csv', '--backend', 'cpu');
    expect(err).toContain('gone.json: it needs keepprob-plugin-gone, which is not installed there.');
    expect(code).toBe(2);
  });

  test.each<[object, string]>([
    [
      { layer: 'keepprob-plugin-three' },
      'l.json: it needs keepprob-plugin-three, which is not installed there. Run `npm install keepprob-plugin-three`.',
    ],
    [
      { layer: 'keepprob-plugin-one', strength: 1 },
      'l.json: keepprob-plugin-one makes training plugins. Name it in `plugins`: { "plugin": "keepprob-plugin-one", … }.',
    ],
    [
      { layer: 'keepprob-plugin-none' },
      'l.json: keepprob-plugin-none exports no factory of layers, as defineLayer of @keepprob/core/layers makes them.',
    ],
    [
      { layer: 'keepprob-plugin-hush#hash' },
      'l.json: keepprob-plugin-hush exports no factory of layers "hash". Did you mean "keepprob-plugin-hush#hush"?',
    ],
    [{ layer: 'keepprob-plugin-mean' }, 'keepprob-plugin-mean makes layers that join several inputs, and a config in'],
    [
      { layer: 'keepprob-plugin-past', factor: 1 },
      'keepprob-plugin-past was written for version 0 of the plugin contract;',
    ],
    [{ layer: 'keepprob-plugin-squash' }, 'l.json: model[0]: keepprob-plugin-squash wraps a layer. Name it as `of`'],
    [{ ...hush, of: first }, 'l.json: model[0]: keepprob-plugin-hush wraps no layer'],
    [
      { layer: 'keepprob-plugin-hush', facter: 1 },
      'l.json: model[0]: hush: unknown option `facter`. Did you mean `factor`?',
    ],
    [{ layer: 'keepprob-plugin-broken' }, 'keepprob-plugin-broken fails while it is loaded: TypeError: boom'],
  ])('%j is refused', async (layer, message) => {
    const { code, err } = await trainWith(layer);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
