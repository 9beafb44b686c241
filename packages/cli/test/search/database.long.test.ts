/** A real search over several workers: digits, 20 trials on 5 folds, with the sampler and the pruner that look at what came before. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasServer, type Kind, type Server, start } from '../../../search/test/support/servers.ts';
import { newProject, type Project, type Running } from '../support/program.ts';
import { searchesIn, verdict } from '../support/searches.ts';

const example = fileURLToPath(new URL('../../../../examples/search', import.meta.url));
const kinds: readonly Kind[] = ['postgres', 'redis'];

let project: Project;
beforeAll(async () => {
  project = await newProject();
  await cp(example, project.folder, { recursive: true });
});
afterAll(() => project.remove());

/** Two trainings are asked for at a time, however many workers there are. */
async function searched(server: Server, workers: number, out: string): Promise<string> {
  const serving: readonly Running[] = Array.from({ length: workers }, (_, i) =>
    project.start('worker', '--db', server.url, '--workers', '1', '--cache', `cache ${out} ${i}`),
  );
  try {
    const how = ['--units', '2', '--trials', '20', '--out', out, '--progress', 'lines'];
    const { code, out: said } = await project.start('search', 'digits.json', '--db', server.url, ...how).ended;
    // stderr may say that no worker is there yet
    expect(code).toBe(0);
    return said;
  } finally {
    for (const { child } of serving) child.kill('SIGTERM');
    await Promise.all(serving.map(({ ended }) => ended));
  }
}

describe.each(kinds.map(kind => ({ kind })))('over $kind', ({ kind }) => {
  test.skipIf(!hasServer[kind])('two workers give the journal of one, up to order and times', async () => {
    const server = await start(kind);
    const searches = searchesIn(project);
    const [one, two] = [`${kind} one`, `${kind} two`];
    try {
      const alone = await searched(server, 1, one);
      const together = await searched(server, 2, two);
      expect(verdict(together)).toBe(verdict(alone));
      expect(together).toMatch(/2\d trials on 5 folds/);
      expect(await searches.journal(two)).toEqual(await searches.journal(one));
      expect(await project.read(join(two, 'weights.bin'))).toEqual(await project.read(join(one, 'weights.bin')));
    } finally {
      await server.stop();
    }
  });
});
