/** Plugins of others, from the node_modules of the config's project. */
import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { config, table } from '../support/circles.ts';
import { newProject, type Project } from '../support/program.ts';

const core = new URL('../../../core/dist/index.js', import.meta.url).href;
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
const imports = `import { definePlugin, option } from '${core}'; import * as tf from '${tf}';`;

let project: Project;
async function install(name: string, code: string): Promise<void> {
  await mkdir(`${project.folder}/node_modules/${name}`, { recursive: true });
  const manifest = { name, version: '1.0.0', type: 'module', exports: './index.js' };
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
    ['keepprob-plugin-old', 'keepprob-plugin-old speaks version 0 of the contract of plugins, keepprob version 1.'],
    ['keepprob-plugin-broken', 'c.json: keepprob-plugin-broken: TypeError: boom'],
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
