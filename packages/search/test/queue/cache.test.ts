/** What a worker fetched lies on its disk under what it is, and is fetched once. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { blobOf } from '../../src/engines/blobs.ts';
import { cacheFolder, fetched } from '../../src/queue/cache.ts';
import { putBlob } from '../../src/queue/databases/database.ts';
import { misfit, nameOf } from '../../src/queue/installed.ts';
import type { QueuedTask } from '../../src/queue/queued.ts';
import { freshFolder } from '../support/folders.ts';
import { type MemoryDatabase, memoryDatabase } from '../support/memoryDatabase.ts';

const modules = { 'my/trial': { address: new URL('file:///opt/mine/trial.js'), version: '1.2.0' } };
const bytes = (text: string) => blobOf(new TextEncoder().encode(text));

async function filled(): Promise<{ database: MemoryDatabase; task: QueuedTask }> {
  const database = memoryDatabase();
  const put = (text: string) => putBlob(database, bytes(text).sha256, bytes(text).bytes);
  const [code, table, splits] = [await put('export default 1'), await put('table'), await put('splits')];
  return { database, task: { code, table, splits, search: '?keep=1', metric: 'valLoss', scale: 'unit' } };
}

describe('a task', () => {
  test('is fetched once; what lies there is what its name says, or is fetched anew', async () => {
    const { database, task } = await filled();
    const folder = freshFolder();
    const source = { database, folder, modules };
    const stored = await fetched(source, task);
    const code = fileURLToPath(new URL(stored.trial));
    expect([readFileSync(code, 'utf8'), new URL(stored.trial).search]).toEqual(['export default 1', '?keep=1']);
    expect([stored.metric, stored.scale]).toEqual(['valLoss', 'unit']);
    const kept = new Map(database.parts);
    database.parts.clear();
    await expect(fetched(source, task)).resolves.toEqual(stored);

    writeFileSync(code, 'export default 2');
    await expect(fetched(source, task)).rejects.toMatchObject({ problem: 'damaged' });
    for (const [key, part] of kept) database.parts.set(key, part);
    await fetched(source, task);
    expect(readFileSync(code, 'utf8')).toBe('export default 1');
  });

  test.each<[string, (part: Uint8Array) => Uint8Array | null]>([
    ['lost', () => null],
    ['changed', part => part.map(byte => byte ^ 1)],
    ['cut', part => part.subarray(1)],
  ])('whose data the database has %s is refused', async (_, damage) => {
    const { database, task } = await filled();
    for (const [key, part] of [...database.parts]) {
      const left = damage(part);
      if (left) database.parts.set(key, left);
      else database.parts.delete(key);
    }
    const folder = freshFolder();
    const refused = fetched({ database, folder, modules }, task);
    await expect(refused).rejects.toMatchObject({ problem: 'damaged' });
    await expect(refused).rejects.toThrow(/^memory has no data with the SHA-256 [0-9a-f]{64}/);
    expect(existsSync(join(folder, `${task.table.sha256}.safetensors`))).toBe(false);
  });

  test('of a module that the worker has is not fetched', async () => {
    const { database, task } = await filled();
    const stored = await fetched(
      { database, folder: freshFolder(), modules },
      { ...task, code: { module: 'my/trial', version: '1.2.0' } },
    );
    expect(stored.trial).toBe('file:///opt/mine/trial.js?keep=1');
  });
});

test('a module is known by its file, whatever its address says beside it', () => {
  expect(nameOf(modules, new URL('file:///opt/mine/trial.js?config=a.json'))).toEqual({
    module: 'my/trial',
    version: '1.2.0',
  });
  expect(nameOf(modules, new URL('file:///opt/mine/other.js'))).toBe(undefined);
});

test.each([
  ['of the same version', { module: 'my/trial', version: '1.2.0' }, null],
  ['of another version', { module: 'my/trial', version: '2.0.0' }, /this worker has my\/trial 1\.2\.0, .* 2\.0\.0\./],
  ['that it does not have', { module: 'toString', version: '1.2.0' }, /"toString".*`npx keepprob worker`/],
  ['that is sent', { sha256: '', length: 0 }, null],
] as const)('a worker and a module %s', async (_, code, refusal) => {
  const { task } = await filled();
  const reason = misfit(modules, { ...task, code });
  if (refusal === null) expect(reason).toBe(null);
  else expect(reason).toMatch(refusal);
});

test('data and code lie beside TensorFlow.js, so that the code finds it', () => {
  expect(basename(cacheFolder())).toBe('keepprob');
  expect(existsSync(join(cacheFolder(), '../../@tensorflow/tfjs-core'))).toBe(true);
});
