/** One run at a time saves in a store: the second one is refused, and one that is gone, however it ended, holds nothing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { directoryStore } from '../../src/checkpoint/stores/directoryStore.ts';
import { CheckpointError, type CheckpointStore, type FitOptions, fit, memoryStore } from '../../src/index.ts';
import { csv } from '../../src/node.ts';

let root: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  root = mkdtempSync(join(tmpdir(), 'keepprob-lock-'));
});
afterAll(() => rmSync(root, { recursive: true }));

let made = 0;
const stores: Record<string, () => { store: CheckpointStore; again: CheckpointStore }> = {
  memoryStore() {
    const store = memoryStore();
    return { store, again: store };
  },
  directoryStore() {
    const path = join(root, `${made++}`, 'not', 'there');
    return { store: directoryStore(path), again: directoryStore(path) };
  },
};

const train = (store: CheckpointStore, options: Partial<FitOptions> = {}) => {
  const layers = [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })];
  return fit(
    tf.sequential({ layers }),
    { x: tf.ones([4, 1]), y: tf.ones([4, 1]) },
    {
      ...{ loss: 'meanSquaredError', optimizer: 'sgd', epochs: 3, seed: 1, progress: false },
      ...{ checkpoint: { store }, ...options },
    },
  );
};

describe.each(Object.entries(stores))('%s', (_, make) => {
  test('is held once at a time, and again when it is let go of', async () => {
    const { store, again } = make();
    for (let i = 0; i < 3; i++) {
      const release = await store.hold!();
      await expect(again.hold!()).rejects.toMatchObject({ name: 'CheckpointError', problem: 'inUse' });
      await release();
    }
    const [one, other] = [make().store, make().store];
    const releases = [await one.hold!(), await other.hold!()];
    for (const release of releases) await release();
  });

  test('a second run while the first is alive is refused before it writes a word, with and without resume', async () => {
    const { store, again } = make();
    const log = join(root, `${made++}.csv`);
    const refused: unknown[] = [];
    const listener = async ({ type }: { type: string }) => {
      if (type !== 'epoch') return;
      const before = readFileSync(log, 'utf8');
      for (const resume of [true, false]) {
        refused.push(await train(again, { resume, listeners: [csv(log)] }).catch(error => error.problem));
      }
      expect(readFileSync(log, 'utf8')).toBe(before);
    };
    await train(store, { listeners: [csv(log), listener] });
    expect(refused).toEqual(Array(6).fill('inUse'));
    expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(4);
    expect((await train(again, { resume: true })).steps).toBe(3);
  });

  test('a run lets go of it on every exit', async () => {
    const { store } = make();
    const failing = () => {
      throw new Error('a listener fails');
    };
    await expect(train(store, { listeners: [failing] })).rejects.toThrow('a listener fails');
    await expect(train(store, { batchSize: 0.5 })).rejects.toThrow(/batchSize/);
    await train(store);
    await expect(train(store, { seed: 2, resume: true })).rejects.toThrow(/seed: 1/);
    await store.write('last-000099-step9.safetensors', new Uint8Array(3));
    for (const name of await store.list()) if (!name.includes('99')) await store.remove(name);
    await expect(train(store, { resume: true })).rejects.toThrow(CheckpointError);
    await train(store);
  });
});

test('a store of one’s own that holds nothing is used as before', async () => {
  const { hold: _, ...store } = memoryStore();
  const [one, other] = await Promise.all([train(store), train(store)]);
  expect([one.steps, other.steps]).toEqual([3, 3]);
});

test('one folder under two names is one', async () => {
  const path = join(root, `${made++}`);
  await directoryStore(path).write('x', new Uint8Array(1));
  const link = join(root, `${made++}`);
  symlinkSync(path, link);
  const release = await directoryStore(path).hold!();
  await expect(directoryStore(link).hold!()).rejects.toThrow(CheckpointError);
  await release();
  expect(readdirSync(path)).toEqual(['x']);
});

describe('what is dead holds nothing:', () => {
  const built = new URL('../../dist/checkpoint/stores/directoryStore.js', import.meta.url).href;
  const program = (path: string, said: string): string =>
    `import { directoryStore } from ${JSON.stringify(built)}; await directoryStore(${JSON.stringify(path)}).hold(); ${said}; setInterval(() => undefined, 1000);`;

  test('a process that is killed', async () => {
    const path = join(root, `${made++}`);
    const child = spawn(process.execPath, ['--input-type=module', '-e', program(path, "console.log('held')")], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await expect(directoryStore(path).hold!()).rejects.toMatchObject({ problem: 'inUse' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await directoryStore(path).hold!())();
  });

  test.each([
    ['is ended', 'terminate'],
    ['ends', 'end'],
  ])('a worker that %s', async (_, how) => {
    const path = join(root, `${made++}`);
    const said = `const { parentPort } = await import('node:worker_threads'); parentPort.once('message', () => process.exit(7)); parentPort.postMessage('held')`;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program(path, said))}`));
    await once(worker, 'message');
    await expect(directoryStore(path).hold!()).rejects.toMatchObject({ problem: 'inUse' });
    const exit = once(worker, 'exit');
    if (how === 'end') worker.postMessage(how);
    else await worker.terminate();
    await exit;
    await (await directoryStore(path).hold!())();
  });

  test('a process is not kept alive by what it holds', async () => {
    const path = join(root, `${made++}`);
    const code = program(path, '').replace(/setInterval.*$/, '');
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    expect((await once(child, 'exit'))[0]).toBe(0);
  });
});
