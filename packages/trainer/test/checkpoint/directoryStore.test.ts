/** A directory that is killed, full, read-only or littered always gives back the last checkpoint that was acknowledged. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CheckpointError } from '../../src/checkpoint/errors.ts';
import { checkpoints } from '../../src/checkpoint/retention.ts';
import { directoryStore } from '../../src/checkpoint/stores/directoryStore.ts';
import { checkpointOf, payloadOf } from '../support/payload.ts';
import { canMount, makeReadOnly, smallDisk } from '../support/smallDisk.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'keepprob-store-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('what was written is read; nothing else is there', async () => {
  const directory = join(root, 'a', 'b');
  const store = directoryStore(directory);
  expect(await store.list()).toEqual([]);
  expect(await store.read('x')).toBeUndefined();
  await store.write('x', Uint8Array.of(1, 2));
  await store.write('x', Uint8Array.of(3));
  expect(await store.read('x')).toEqual(Uint8Array.of(3));
  expect(await readdir(directory)).toEqual(['x']);
  await store.remove('x');
  await store.remove('x');
  expect(await readdir(directory)).toEqual([]);
});

test.each(['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden', 'x\0'])('a name like %j is refused', async name => {
  await expect(directoryStore(root).write(name, Uint8Array.of(1))).rejects.toThrow(CheckpointError);
});

test('what killed writes have left is ignored, and removed at the next write; writes in progress are not', async () => {
  const directory = join(root, 'left');
  await mkdir(directory);
  // the process of a killed write is gone; that of another writer is there: this test's parent
  const [gone, ours, theirs] = [4_194_305, process.pid, process.ppid].map(pid => `.${pid}-0a.writing`);
  for (const name of [gone, ours, theirs, '.other']) await writeFile(join(directory, name!), 'x');
  const store = directoryStore(directory);
  expect(await store.list()).toEqual([]);
  await Promise.all(['a', 'b', 'c'].map(name => store.write(name, new Uint8Array(1e6))));
  expect((await readdir(directory)).sort()).toEqual(['.other', theirs, 'a', 'b', 'c'].sort());
});

test('leftovers that could not be removed are tried again at the next write', async () => {
  const directory = join(root, 'stuck');
  // a directory of such a name: rm without recursive fails
  const stuck = join(directory, '.4194305-0a.writing');
  await mkdir(stuck, { recursive: true });
  const store = directoryStore(directory);
  await expect(store.write('x', Uint8Array.of(1))).rejects.toThrow(CheckpointError);
  await rm(stuck, { recursive: true });
  await store.write('x', Uint8Array.of(1));
  expect(await readdir(directory)).toEqual(['x']);
});

test('something else where the directory should be is a typed error', async () => {
  await writeFile(join(root, 'file'), 'x');
  const store = directoryStore(join(root, 'file'));
  await expect(store.write('x', Uint8Array.of(1))).rejects.toMatchObject({ problem: 'storage' });
  await expect(store.list()).rejects.toMatchObject({ problem: 'storage' });
});

test('killed at any moment, the newest checkpoint is whole and no older than the last acknowledged one', async () => {
  const directory = join(root, 'killed');
  const program = join(root, 'program.mjs');
  await build({
    entryPoints: [new URL('../support/writeForever.ts', import.meta.url).pathname],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
    // all that is left of core and TF.js are errors and the check of options
    alias: Object.fromEntries(
      Object.entries({ '@keepprob/core/driver': 'driver', '@keepprob/core': 'index' }).map(([name, file]) => [
        name,
        new URL(`../../../core/src/${file}.ts`, import.meta.url).pathname,
      ]),
    ),
  });
  await mkdir(directory);
  let cut = 0;
  // until some of them were in mid-write
  const kills = process.env.CASES === 'all' ? 16 : 3;
  for (let kill = 0; kill < kills || cut === 0; kill++) {
    const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    let acknowledged = 0;
    const lines = createInterface(child.stdout).on('line', line => {
      acknowledged = Number(line);
    });
    await once(lines, 'line');
    // at any moment, or soon after a file was made: in mid-write
    if (kill % 2) await new Promise(resolve => setTimeout(resolve, Math.random() * 60));
    else await fileMade(directory);
    child.kill('SIGKILL');
    await exit;
    cut += (await readdir(directory)).filter(name => name.endsWith('.writing')).length;
    const warnings: string[] = [];
    const found = await checkpoints(directoryStore(directory), { warn: w => warnings.push(w) }).latest();
    expect(warnings).toEqual([]);
    expect(found!.manifest.step).toBeGreaterThanOrEqual(acknowledged);
    const { w } = found!.tensors;
    expect(payloadOf(found!.manifest.step, w!.data.length).every((value, i) => w!.data[i] === value)).toBe(true);
  }
  expect((await readdir(directory)).filter(name => name.endsWith('.writing')).length).toBeLessThanOrEqual(1);
});

async function fileMade(path: string): Promise<void> {
  const watcher = watch(path);
  await once(watcher, 'change');
  watcher.close();
}

describe('the last good checkpoint stays', () => {
  test.skipIf(!canMount)('on a full disk', async () => {
    const disk = smallDisk();
    const chain = checkpoints(directoryStore(disk), { keep: 1 });
    await chain.save(checkpointOf(1, 100_000));
    const saved = chain.save(checkpointOf(2, 200_000));
    await expect(saved).rejects.toMatchObject({ name: 'CheckpointError', problem: 'full' });
    await expect(saved).rejects.toThrow(/no room to write .*free some space.*"last-000001-step1/);
    expect((await chain.latest())!.manifest.step).toBe(1);
    expect(await readdir(disk)).toHaveLength(1);
    // room again
    await chain.save(checkpointOf(3, 100));
    expect((await chain.latest())!.manifest.step).toBe(3);
  });

  test.skipIf(!canMount)('and where there is none, nothing is said of one', async () => {
    const saved = checkpoints(directoryStore(smallDisk())).save(checkpointOf(1, 1e6));
    await expect(saved).rejects.toThrow(/no room to write .*last-000001-step1\S*; free some space\.$/);
  });

  test.skipIf(!canMount)('on a disk that became read-only', async () => {
    const disk = smallDisk();
    const chain = checkpoints(directoryStore(disk));
    await chain.save(checkpointOf(1, 100));
    makeReadOnly(disk);
    await expect(chain.save(checkpointOf(2, 100))).rejects.toMatchObject({ problem: 'readOnly' });
    expect((await chain.latest())!.manifest.step).toBe(1);
    // a folder that would have to be made there first
    const below = directoryStore(join(disk, 'a', 'b'));
    await expect(below.write('x', Uint8Array.of(1))).rejects.toMatchObject({ problem: 'readOnly' });
  });

  // root may write anywhere
  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'in a directory without permission',
    async () => {
      const directory = join(root, 'locked');
      const chain = checkpoints(directoryStore(directory));
      await chain.save(checkpointOf(1, 100));
      await chmod(directory, 0o555);
      await expect(chain.save(checkpointOf(2, 100))).rejects.toMatchObject({ problem: 'readOnly' });
      await chmod(directory, 0o755);
      expect((await chain.latest())!.manifest.step).toBe(1);
    },
  );
});
