import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadModel } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { splitRows } from '../src/data/split.ts';
import { modelFiles } from '../src/run/modelFiles.ts';
import { config, inside, points, table } from './support/circles.ts';
import { newProject, type Project, until } from './support/program.ts';

const long = { ...config, epochs: 40, checkpoint: { every: 3 } };
let project: Project;
beforeAll(async () => {
  project = await newProject();
  await project.write('circles.csv', table);
  await project.write('circles.json', config);
  await project.write('long.json', long);
});
afterAll(() => project.remove());
afterEach(() => rm(join(project.folder, 'runs'), { recursive: true, force: true }));

const weights = (out: string) => project.read(join(out, 'weights.bin'));
const steps = async (out: string): Promise<number> =>
  (await project.text(join(out, 'log.jsonl'))).split('\n').filter(line => line.includes('"type":"step"')).length;

/** The rows of log.csv. */
const logOf = async (out: string): Promise<string[][]> =>
  (await project.text(join(out, 'log.csv')))
    .trim()
    .split('\n')
    .map(line => line.split(','));

/** The last row of log.csv by column. */
async function lastEpoch(out: string): Promise<Record<string, number>> {
  const rows = await logOf(out);
  return Object.fromEntries(rows[0]!.map((name, i) => [name, Number(rows.at(-1)![i])]));
}

describe('a config in JSON', () => {
  test('is trained; the saved model, on the rows set aside and scaled as its file says, has the validation loss of the log', async () => {
    const { code, out, err } = await project.start('train', 'circles.json').ended;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^backend +wasm with \d+ kernels of @keepprob\/kernels/);
    expect(out.match(/^epoch \d\/4 /gm)).toHaveLength(4);
    expect(out).toMatch(/^trained +4 of 4 epochs, 24 steps, in [\d.]+ s; seed 7$/m);
    const run = 'runs/circles';
    expect((await readdir(join(project.folder, run))).sort()).toEqual(
      'checkpoints log.csv log.jsonl model.json preprocessing.json tensorboard weights.bin'.split(' '),
    );
    expect((await readdir(join(project.folder, run, 'tensorboard'))).sort()).toEqual(['clean', 'train', 'val']);
    expect(await steps(run)).toBe(24);

    const { scaling, columns, classes } = JSON.parse(await project.text(join(run, 'preprocessing.json')));
    expect({ columns, classes }).toEqual({ columns: ['a', 'b'], classes: ['inside', 'outside'] });
    const places = points.map(point => (inside(point) ? 0 : 1));
    const validation = [...splitRows(points.length, 0.25, 0, places).validation].map(row => points[row]!);
    const model = await loadModel(join(project.folder, run));
    const x = validation.map(point => point.map((v, i) => (v - scaling.offset[i]) / scaling.divisor[i]));
    const probabilities = (await (model.predict(tf.tensor2d(x)) as tf.Tensor2D).array()) as number[][];
    const losses = validation.map((point, i) => -Math.log(probabilities[i]![inside(point) ? 0 : 1]!));
    const { valLoss } = await lastEpoch(run);
    expect(losses.reduce((a, b) => a + b) / validation.length).toBeCloseTo(valLoss!, 5);
    expect(out).toContain(`best         valLoss ${valLoss!.toPrecision(4)} in epoch 4`);
    model.dispose();
  });

  test('the same seed gives the same weights, on both backends to float error; another seed others', async () => {
    for (const [out, ...args] of [['a'], ['b'], ['c', '--seed', '8'], ['d', '--backend', 'cpu']])
      expect((await project.run('train', 'circles.json', '--out', out!, ...args)).code).toBe(0);
    expect(await weights('b')).toEqual(await weights('a'));
    const floats = async (out: string) => new Float32Array(new Uint8Array(await weights(out)).buffer);
    const [a, c, d] = [await floats('a'), await floats('c'), await floats('d')];
    const distance = (u: Float32Array, v: Float32Array) => Math.max(...u.map((x, i) => Math.abs(x - v[i]!)));
    expect(distance(a, d)).toBeLessThan(1e-4);
    expect(distance(a, c)).toBeGreaterThan(0.1);
  });

  test.runIf(process.env.CASES === 'all')(
    'two workers that share each batch end with the weights of one, up to the order of sums',
    async () => {
      expect((await project.run('train', 'circles.json', '--out', 'one')).code).toBe(0);
      const { code, err } = await project.start('train', 'circles.json', '--out', 'two', '--workers', '2').ended;
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const [one, two] = [await weights('one'), await weights('two')];
      const floats = (bytes: Buffer) => new Float32Array(new Uint8Array(bytes).buffer);
      const difference = floats(one).map((w, i) => Math.abs(w - floats(two)[i]!));
      expect(Math.max(...difference)).toBeLessThan(1e-4);
      expect((await readdir(join(project.folder, 'two', 'checkpoints'))).length).toBe(3);
      expect(await steps('two')).toBe(24);
    },
  );

  test('the best epoch has the same number in the reason to stop and in the summary', async () => {
    const plugins = [{ plugin: 'earlyStopping', monitor: 'cost', mode: 'max', patience: 2 }];
    await project.write('stops.json', { ...config, plugins, checkpoint: { best: 'cost', mode: 'max' } });
    const { out } = await project.run('train', 'stops.json', '--out', 'stops');
    expect(out).toMatch(/^stopped +cost did not improve on its \S+ of epoch 1 for 2 epochs \(epoch 3\)$/m);
    expect(out).toMatch(/^best +cost \S+ in epoch 1$/m);
  });

  test('a saved model is trained on from its weights', async () => {
    await project.run('train', 'circles.json', '--out', 'first');
    const { cleanLoss } = await lastEpoch('first');
    await project.write('more.json', {
      ...config,
      model: 'first/model.json',
      epochs: 1,
      optimizer: { name: 'sgd', learningRate: 1e-9 },
    });
    expect((await project.run('train', 'more.json', '--out', 'second')).code).toBe(0);
    expect((await lastEpoch('second')).cleanLoss).toBeCloseTo(cleanLoss!, 5);
    // one that a program has saved, too
    const model = await loadModel(join(project.folder, 'first'));
    await model.save(modelFiles(join(project.folder, 'copied')));
    await project.write('copied.json', { ...config, model: 'copied/model.json', epochs: 1 });
    expect((await project.run('train', 'copied.json', '--fast-dev-run')).code).toBe(0);
  });

  test('--fast-dev-run takes one step and writes nothing', async () => {
    const { code, out } = await project.run('train', 'circles.json', '--fast-dev-run');
    expect(code).toBe(0);
    expect(out).toMatch(/trained +1 of 1 epochs, 1 steps/);
    expect(await readdir(project.folder)).not.toContain('runs');
  });
});

describe('a run that is ended', () => {
  // other than the config has them
  const how = ['--seed', '8', '--epochs', '30'];
  beforeAll(async () => {
    expect((await project.run('train', 'long.json', '--out', 'whole', ...how, '--progress', 'none')).code).toBe(0);
  });

  test('by SIGKILL goes on with --resume, to the same bytes of weights and the same log', async () => {
    const { child, ended } = project.start('train', 'long.json', '--out', 'killed', ...how);
    await until(async () => (await steps('killed')) >= 30);
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    expect(await steps('killed')).toBeLessThan(180);
    expect((await project.run('train', 'long.json', '--out', 'killed', ...how, '--resume')).code).toBe(0);
    expect(await weights('killed')).toEqual(await weights('whole'));
    const [log, wanted] = [await logOf('killed'), await logOf('whole')];
    expect(log.length).toBe(1 + 30);
    // Σ w² of the first step after a resume is no by-product of the update before it, so it is summed in another order
    expect(log[0]).toEqual(wanted[0]);
    for (const [row, values] of log.slice(1).entries()) {
      const [ours, theirs] = [values.map(Number), wanted[row + 1]!.map(Number)];
      const far = ours.filter((value, i) => !(Math.abs(value - theirs[i]!) <= 1e-6 * Math.abs(theirs[i]!)));
      expect(far).toEqual([]);
    }
  });

  test('by SIGINT saves where it is, and the line that says how to go on has what was given, and is taken as it stands', async () => {
    const words = ['--backend', 'wasm', '--progress', 'lines'];
    const { child, ended } = project.start('train', 'long.json', '--force', '--out', 'my run', ...how, ...words);
    await until(async () => (await steps('my run')) >= 30);
    // as npx does: the terminal's, and the one that npx hands on
    child.kill('SIGINT');
    child.kill('SIGINT');
    const { code, out, err } = await ended;
    expect(code).toBe(130);
    expect(err).toMatch(/interrupted: finishing and saving the current step/);
    expect(out).toMatch(/^stopped +aborted$/m);
    const taken = await steps('my run');
    const newest = (await readdir(join(project.folder, 'my run/checkpoints')))
      .filter(name => name.startsWith('last'))
      .sort()
      .at(-1);
    expect(newest).toMatch(new RegExp(`-step${taken}\\.safetensors$`));
    const [, line] = out.match(/^continue +npx keepprob (.+)$/m)!;
    expect(line).toBe('train long.json --resume --out "my run" --seed 8 --epochs 30 --backend wasm --progress lines');
    const again = await project.run(...line!.match(/"[^"]*"|\S+/g)!.map(word => word.replaceAll('"', '')));
    expect(again.code).toBe(0);
    expect(again.out).toMatch(/30 of 30 epochs, 180 steps, .* seed 8$/m);
    expect(await weights('my run')).toEqual(await weights('whole'));
  });

  test('can be trained for more epochs; one that is over has nothing to do', async () => {
    await project.write('short.json', { ...long, epochs: 20, seed: 8 });
    expect((await project.run('train', 'short.json', '--out', 'part')).code).toBe(0);
    expect((await project.run('train', 'short.json', '--out', 'part', '--resume', '--epochs', '30')).code).toBe(0);
    expect(await weights('part')).toEqual(await weights('whole'));
    const over = await project.run('train', 'long.json', '--out', 'whole', ...how, '--resume');
    expect(over.out).toMatch(/30 of 30 epochs/);
    expect(await weights('part')).toEqual(await weights('whole'));
  });
});

describe('the folder of a run', () => {
  test('is not overwritten unasked; --force replaces all that is there', async () => {
    await project.run('train', 'circles.json');
    const before = await weights('runs/circles');
    const again = await project.run('train', 'circles.json', '--seed', '8');
    expect(again.code).toBe(2);
    expect(again.err).toMatch(/runs\/circles already holds a run\. Continue it with --resume, replace it with --force/);
    expect(await weights('runs/circles')).toEqual(before);
    expect((await project.run('train', 'circles.json', '--seed', '8', '--force', '--epochs', '1')).code).toBe(0);
    expect(await weights('runs/circles')).not.toEqual(before);
    expect((await readdir(join(project.folder, 'runs/circles/checkpoints'))).sort()).toEqual([
      'best.safetensors',
      'last-000001-step6.safetensors',
    ]);
    for (const curve of ['train', 'clean', 'val'])
      expect(await readdir(join(project.folder, 'runs/circles/tensorboard', curve))).toHaveLength(1);
  });

  test('--resume of another run names the difference; with --force it takes what fits', async () => {
    await project.run('train', 'circles.json');
    await project.write('other.json', { ...config, plugins: [{ plugin: 'l2', strength: 0.5 }] });
    const other = ['train', 'other.json', '--out', 'runs/circles', '--resume', '--epochs', '5'];
    const { code, err } = await project.run(...other);
    expect(code).toBe(1);
    expect(err).toMatch(
      /the checkpoint is of another run:\n.*plugins.*\n.*`--resume --force` takes what fits from it\./,
    );
    expect(await steps('runs/circles')).toBe(24);
    const forced = await project.run(...other, '--force');
    expect(forced.code).toBe(0);
    expect(forced.out).toMatch(/trained +5 of 5 epochs, 30 steps/);
  });
});
