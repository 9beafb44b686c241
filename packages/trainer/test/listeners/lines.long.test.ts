/** A log of more than 512 MB, which no text of JavaScript can hold. */
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { jsonLines } from '../../src/listeners/jsonLines.ts';

const event = (type: 'begin' | 'step', step: number) => ({ type, epoch: 0, epochs: 9, step, logs: { cost: 0.5 } });

test('a log larger than any text is cut where it no longer holds, and goes on', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'keepprob-lines-'));
  try {
    const path = join(directory, 'log.jsonl');
    const lineAt = (step: number): string => `${JSON.stringify(event('step', step))}\n`;
    // 600 MB: a line that holds, far over 512 MB of them, and two that do not
    const block = Buffer.from(lineAt(1).repeat(2 ** 16));
    const file = openSync(path, 'w');
    let kept = 0;
    for (; kept < 560e6; kept += block.length) writeSync(file, block);
    writeSync(file, lineAt(8) + lineAt(9).slice(0, -5));
    closeSync(file);
    const listener = jsonLines(path);
    await listener(event('begin', 7));
    await listener.close?.();
    const size = statSync(path).size;
    expect(size).toBeGreaterThan(kept);
    expect(size - kept).toBeLessThan(200);
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 120_000);
