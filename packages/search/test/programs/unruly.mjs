/** A trial that dies, hangs or fails as its values say; where they name a file, only the first time. */
import { existsSync, writeFileSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';

const turn = () => new Promise(resolve => setTimeout(resolve, 5));

/** @type {import('../../src/contract.ts').Trial<Record<string, any>>} */
export default async ({ does, once, tells }, { fold, seed, signal }) => {
  if (tells) writeFileSync(`${tells}.${fold}.${process.pid}`, '');
  const isFirst = !once || !existsSync(`${once}.${fold}`);
  if (once && isFirst) writeFileSync(`${once}.${fold}`, '');
  if (isFirst) {
    if (does === 'kill') process.kill(process.pid, 'SIGKILL');
    if (does === 'exit') process.exit(3);
    if (does === 'freeze') process.kill(process.pid, 'SIGSTOP');
    if (does === 'throw') throw new RangeError('no such layer');
    if (does === 'text') return 'much';
    if (does === 'nan') return Number.NaN;
    if (does === 'wait') while (!signal.aborted) await turn();
    if (does === 'ignore') for (;;) await turn();
    await turn();
  }
  return fold + seed / 2 ** 31;
};
