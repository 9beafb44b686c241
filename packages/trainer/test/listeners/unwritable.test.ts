/** A log that cannot be written ends the run with an error that says why, and names the file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { csv } from '../../src/listeners/csv.ts';
import { jsonLines } from '../../src/listeners/jsonLines.ts';
import type { RunEvent, RunListener } from '../../src/listeners/listener.ts';
import { tensorBoard } from '../../src/listeners/tensorBoard.ts';
import { canMount, makeReadOnly, smallDisk } from '../support/smallDisk.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'keepprob-unwritable-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const listeners: readonly (readonly [name: string, make: (folder: string) => RunListener])[] = [
  ['jsonLines', folder => jsonLines(join(folder, 'log.jsonl'))],
  ['csv', folder => csv(join(folder, 'log.csv'))],
  ['tensorBoard', folder => tensorBoard(folder)],
];

/** Events of a run of a few megabytes of logs. */
async function listen(listener: RunListener): Promise<void> {
  const logs = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`measure${i}`, Math.PI * i]));
  const event = (type: RunEvent['type'], step: number): RunEvent => ({ type, epoch: step, epochs: 1000, step, logs });
  try {
    for (let step = 0; step < 1000; step++) await listener(event(step === 0 ? 'begin' : 'epoch', step));
  } finally {
    await listener.close?.();
  }
}

describe.each(listeners)('%s', (_, make) => {
  test('below a file', async () => {
    writeFileSync(join(directory, 'file'), '');
    for (const folder of ['file', 'file/below'])
      await expect(listen(make(join(directory, folder)))).rejects.toMatchObject({
        name: 'CheckpointError',
        problem: 'storage',
        message: expect.stringContaining(join(directory, 'file')),
      });
  });

  test.skipIf(!canMount)('on a full disk', async () => {
    await expect(listen(make(join(smallDisk(), 'made')))).rejects.toMatchObject({
      name: 'CheckpointError',
      problem: 'full',
      message: expect.stringMatching(/no room to write .*made.* free some space/),
    });
  });

  test.skipIf(!canMount)('on a read-only disk, in a folder that is there and in one that is not', async () => {
    const disk = smallDisk();
    makeReadOnly(disk);
    for (const folder of [disk, join(disk, 'a', 'b')])
      await expect(listen(make(folder))).rejects.toMatchObject({ name: 'CheckpointError', problem: 'readOnly' });
  });
});
