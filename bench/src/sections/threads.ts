/** Two threads against one, and against two processes that share nothing. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ThreadRow } from '../programs/threadSteps.ts';
import { milliseconds, type Result, speedUp, Table } from '../section.ts';

export async function threads(quick: boolean): Promise<Result> {
  const script = fileURLToPath(new URL('../programs/threadSteps.js', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...(quick ? ['--quick'] : [])]);
  const rows = JSON.parse(stdout.slice(stdout.indexOf('['))) as ThreadRow[];
  const table = new Table(
    'training step',
    'other cores',
    '2 threads ms',
    '1 thread ms',
    'speed-up',
    '95 % interval',
    'of two runs',
    '95 % interval',
  );
  for (const { work, busy, ours, other, apart, ...ratio } of rows) {
    const times = [milliseconds(ours), milliseconds(other)];
    table.add(work, busy ? 'busy' : 'idle', ...times, ...speedUp(ratio), ...(apart ? speedUp(apart) : ['', '']));
  }
  return { data: { rows }, markdown: `${table}` };
}
