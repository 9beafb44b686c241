/** Two threads against one. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ThreadRow } from '../programs/threadSteps.ts';
import { milliseconds, type Result, Table } from '../section.ts';

export async function threads(quick: boolean): Promise<Result> {
  const script = fileURLToPath(new URL('../programs/threadSteps.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...(quick ? ['--quick'] : [])]);
  const rows = JSON.parse(stdout.slice(stdout.indexOf('['))) as ThreadRow[];
  const table = new Table('training step', 'other cores', '2 threads ms', '1 thread ms', 'speed-up', '95 % interval');
  for (const { work, busy, ours, other, ratio, low, high } of rows) {
    const interval = `${(1 / high).toFixed(2)}–${(1 / low).toFixed(2)}`;
    table.add(work, busy ? 'busy' : 'idle', milliseconds(ours), milliseconds(other), (1 / ratio).toFixed(2), interval);
  }
  return { data: { rows }, markdown: `${table}` };
}
