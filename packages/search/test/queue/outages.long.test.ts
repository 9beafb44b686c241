/** What may happen to a search over a database: it comes to what a calm one comes to, to the bit. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freshFolder, linesOf, withoutTimes } from '../support/folders.ts';
import { type Line, lineTo } from '../support/line.ts';
import { begun, ended, plain, runSearch } from '../support/searches.ts';
import { hasServer, type Kind, type Server, start } from '../support/servers.ts';

const lock = 2000;
const kinds: readonly Kind[] = ['postgres', 'redis'];

describe.each(kinds.map(kind => ({ kind })))('over $kind', ({ kind }) => {
  describe.skipIf(!hasServer[kind])('whose server is installed', () => {
    let calm: unknown;
    let lines: readonly string[];
    let server: Server;
    beforeAll(async () => {
      const store = freshFolder();
      calm = plain(await runSearch('search', [store, 1]));
      lines = withoutTimes(linesOf(store)).sort();
      server = await start(kind);
    });
    afterAll(() => server.stop());

    const over: (() => Promise<void>)[] = [];
    afterEach(async () => {
      await Promise.all(over.splice(0).map(end => end()));
    });

    async function workers(count: number, url = server.url) {
      const children = await Promise.all(Array.from({ length: count }, () => begun('worker', [url, 1, lock])));
      over.push(...children.map(child => () => ended(child, 'SIGKILL')));
      return children;
    }

    test('the search is killed −9 and begun again, then a worker in mid-unit', async () => {
      const store = freshFolder();
      const [worker] = await workers(2);
      const args = [store, server.url, 1, lock];
      expect(await runSearch('queued', args, 4, search => search.kill('SIGKILL'))).toBe(undefined);
      const found = await runSearch('queued', args, 6, () => worker?.kill('SIGKILL'));
      expect(plain(found)).toEqual(calm);
      expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
    });

    test('a worker frozen (SIGSTOP) past its lock, which goes on when another has taken over', async () => {
      const store = freshFolder();
      const [first] = await workers(2);
      const found = await runSearch('queued', [store, server.url, 1, lock], 3, () => {
        first?.kill('SIGSTOP');
        setTimeout(() => first?.kill('SIGCONT'), 4 * lock);
      });
      expect(plain(found)).toEqual(calm);
      expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
    });

    async function line(): Promise<Line> {
      const made = await lineTo(server.url);
      over.push(() => made.close());
      return made;
    }

    test('the connection of a worker freezes in mid-unit, and thaws when another has taken over', async () => {
      const store = freshFolder();
      const far = await line();
      await workers(1, far.url);
      let second: Promise<unknown> = Promise.resolve();
      const found = await runSearch('queued', [store, server.url, 1, lock], 3, () => {
        far.freeze();
        second = workers(1);
        setTimeout(far.thaw, 6 * lock);
      });
      await second;
      expect(plain(found)).toEqual(calm);
      expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
    });

    test('the connection of the search freezes, and thaws when units ended meanwhile', async () => {
      const store = freshFolder();
      const far = await line();
      await workers(2);
      const found = await runSearch('queued', [store, far.url, 2, lock], 3, () => {
        far.freeze();
        setTimeout(far.thaw, 3 * lock);
      });
      expect(plain(found)).toEqual(calm);
      expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
    });

    test('the database ends at once and begins again', async () => {
      const store = freshFolder();
      await workers(2);
      let restarted: Promise<void> | undefined;
      const found = await runSearch('queued', [store, server.url, 1, lock], 3, () => {
        restarted = server.restart();
      });
      await restarted;
      expect(plain(found)).toEqual(calm);
      expect(withoutTimes(linesOf(store)).sort()).toEqual(lines);
    });
  });
});
