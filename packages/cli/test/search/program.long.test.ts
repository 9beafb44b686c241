/** A search over a database from end to end, as a user runs it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasServer, start } from '../../../search/test/support/servers.ts';
import type { Ended, Project } from '../support/program.ts';
import { type Searches, searchedProject, verdict } from '../support/searches.ts';

let project: Project;
let searches: Searches;
let calm: Ended;
beforeAll(async () => {
  ({ project, searches, calm } = await searchedProject());
});
afterAll(() => project.remove());

test.skipIf(!hasServer.postgres)(
  'over PostgreSQL, processes here and a worker that knows the address alone compute what this machine computes, to the bit',
  async () => {
    const server = await start('postgres');
    const worker = project.start('worker', '--db', server.url, '--workers', '1', '--cache', 'cache');
    try {
      const how = ['--workers', '1', '--units', '2', '--out', 'queued', '--backend', 'cpu', '--progress', 'lines'];
      const { code, out } = await project.start('search', 'iris.json', '--db', server.url, ...how).ended;
      // stderr may say that no worker is there yet
      expect(code).toBe(0);
      expect(verdict(out)).toBe(verdict(calm.out));
      expect(await searches.journal('queued')).toEqual(await searches.journal('calm'));
      expect(await project.read('queued/weights.bin')).toEqual(await project.read('calm/weights.bin'));
    } finally {
      worker.child.kill('SIGTERM');
      expect(await worker.ended).toMatchObject({ code: 143, out: expect.stringContaining('1 at a time') });
      await server.stop();
    }
  },
);
