import { deleteDB, openDB } from 'idb';
import { afterEach, expect, test, vi } from 'vitest';
import { checkpoints } from '../../src/checkpoint/retention.ts';
import { indexedDBStore } from '../../src/checkpoint/stores/indexedDBStore.ts';
import { checkpointOf, payloadOf } from '../support/payload.ts';

afterEach(() => deleteDB('keepprob/test'));

test('what was written is read, by another store of the same name too; no other name sees it', async () => {
  const store = indexedDBStore('test');
  expect(await store.list()).toEqual([]);
  expect(await store.read('x')).toBeUndefined();
  await store.write('x', Uint8Array.of(1, 2));
  await store.write('x', Uint8Array.of(3));
  expect(await indexedDBStore('test').read('x')).toEqual(Uint8Array.of(3));
  expect(await indexedDBStore('other').list()).toEqual([]);
  await store.remove('x');
  await store.remove('x');
  expect(await store.list()).toEqual([]);
  await deleteDB('keepprob/other');
});

test('a view is stored as the bytes that it shows', async () => {
  const store = indexedDBStore('test');
  await store.write('x', Uint8Array.of(1, 2, 3, 4).subarray(1, 3));
  expect(await store.read('x')).toEqual(Uint8Array.of(2, 3));
});

test('a chain of checkpoints keeps the last ones, and skips a damaged one', async () => {
  const store = indexedDBStore('test');
  const warnings: string[] = [];
  const chain = checkpoints(store, { keep: 2, warn: message => warnings.push(message) });
  for (const step of [1, 2, 3]) await chain.save(checkpointOf(step, 1000));
  expect((await store.list()).sort()).toEqual(['last-000002-step2.safetensors', 'last-000003-step3.safetensors']);
  const last = await store.read('last-000003-step3.safetensors');
  await store.write('last-000003-step3.safetensors', last!.subarray(0, -1));
  const found = await chain.latest();
  expect(found!.tensors.w!.data).toEqual(payloadOf(2, 1000));
  expect(warnings).toEqual([expect.stringMatching(/last-000003.*damaged/)]);
});

test('a database of somebody else is a typed error', async () => {
  (await openDB('keepprob/test', 7)).close();
  await expect(indexedDBStore('test').list()).rejects.toMatchObject({ name: 'CheckpointError', problem: 'storage' });
});

test('no room is a typed error; what was there stays', async () => {
  const store = indexedDBStore('test');
  await store.write('x', Uint8Array.of(1));
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('no room', 'QuotaExceededError');
  });
  await expect(store.write('x', Uint8Array.of(2))).rejects.toMatchObject({ name: 'CheckpointError', problem: 'full' });
  put.mockRestore();
  expect(await store.read('x')).toEqual(Uint8Array.of(1));
});

test('is held once at a time; a worker that is ended holds nothing', async () => {
  const [store, again] = [indexedDBStore('held'), indexedDBStore('held')];
  const release = await store.hold!();
  await expect(again.hold!()).rejects.toMatchObject({ name: 'CheckpointError', problem: 'inUse' });
  await (await indexedDBStore('other').hold!())();
  await release();
  const code = `navigator.locks.request('keepprob/held', () => (postMessage('held'), new Promise(() => {})))`;
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  await new Promise(resolve => worker.addEventListener('message', resolve));
  await expect(again.hold!()).rejects.toMatchObject({ problem: 'inUse' });
  worker.terminate();
  // the browser frees it when the worker is gone, which it does not tell
  await navigator.locks.request('keepprob/held', () => undefined);
  await (await again.hold!())();
});
