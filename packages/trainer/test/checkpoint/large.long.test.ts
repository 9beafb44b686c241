/** Checkpoints of more than 2 GiB, the most that Node reads at once, are read as they were written. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/checkpoint.ts';
import { directoryStore } from '../../src/checkpoint/stores/directoryStore.ts';
import { checkpointOf } from '../support/payload.ts';

test('2.1 GiB: written, read, checked', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'keepprob-large-'));
  try {
    const store = directoryStore(directory);
    const size = 2 ** 29 + 2 ** 25;
    await store.write('large', encodeCheckpoint(checkpointOf(7, size)));
    const { manifest, tensors } = decodeCheckpoint((await store.read('large'))!);
    const { data } = tensors.w!;
    expect([manifest.step, data.length, data[0], data[size - 1]]).toEqual([7, size, 7, 7]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 600_000);
