/** Work in turns: in order, a piece a task, and whoever waits until nothing is due hears of it. */
import { expect, test } from 'vitest';
import { later, settled, turn } from '../src/stage/turns.ts';

const task = (): Promise<void> => new Promise(resolve => void setTimeout(resolve));

test('work is done in order, in a task for each', async () => {
  const done: string[] = [];
  later(() => done.push('a'));
  later(() => done.push('b'));
  expect(done).toEqual([]);
  await task();
  expect(done).toEqual(['a']);
  await turn();
  expect(done).toEqual(['a', 'b']);
});

test('what is forgotten is not done, and holds nothing that comes after it', async () => {
  const done: string[] = [];
  const forget = later(() => done.push('a'));
  later(() => done.push('b'));
  forget();
  await settled();
  expect(done).toEqual(['b']);
  forget();
  later(() => done.push('c'))();
  await settled();
  expect(done).toEqual(['b']);
});

test('several wait at once until nothing is due, work that comes of work among it', async () => {
  const done: string[] = [];
  later(() => {
    done.push('a');
    later(() => done.push('b'));
  });
  const both = Promise.all([settled(), settled()]);
  later(() => done.push('c'));
  await both;
  expect(done).toEqual(['a', 'c', 'b']);
  await Promise.all([settled().then(settled), settled()]);
});
