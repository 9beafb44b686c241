/** The next release: what `npm run bump` makes of versions and ranges, in a copy of the repository without its sources. */
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from './project.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const json = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8'));

/** Those of the packages that are published. */
async function manifestsIn(root: string): Promise<Manifest[]> {
  const folders = await readdir(join(root, 'packages'));
  return Promise.all(folders.map(name => json<Manifest>(join(root, 'packages', name, 'package.json'))));
}

let copy: string;
let before: readonly Manifest[];
let after: readonly Manifest[];
beforeAll(async () => {
  copy = await realpath(await mkdtemp(join(tmpdir(), 'keepprob-release-')));
  const git = (...args: readonly string[]) =>
    run('git', ['-c', 'user.name=test', '-c', 'user.email=test@localhost', ...args], copy);
  const files = (await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], repository)).split('\n');
  const needed = files.filter(path =>
    /(^|\/)package\.json$|^package-lock\.json$|^\.changeset\/|^scripts\/bump|core\/src\/version/.test(path),
  );
  for (const path of needed) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await cp(join(repository, path), join(copy, path));
  }
  await git('init', '--quiet');
  await git('add', '--all');
  await git('commit', '--quiet', '--message=before');
  await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'), 'junction');
  before = await manifestsIn(copy);
  await run(process.execPath, [join(repository, 'node_modules/@changesets/cli/bin.js'), 'version'], copy);
  await run(process.execPath, ['scripts/bump.mjs'], copy);
  after = await manifestsIn(copy);
});
afterAll(() => rm(copy, { recursive: true }));

test('every published package is in the one group that has one version', async () => {
  const { fixed } = await json<{ fixed: string[][] }>(join(copy, '.changeset/config.json'));
  expect(fixed).toEqual([before.map(({ name }) => name).sort()]);
  expect(new Set(before.map(({ version }) => version)).size).toBe(1);
});

test('a release of new features goes to the same next minor version, and not to 1.0.0 for the sake of peers', () => {
  const [major, minor] = before[0]!.version.split('.').map(Number) as [number, number];
  expect(new Set(after.map(({ version }) => version))).toEqual(new Set([`${major}.${minor + 1}.0`]));
});

test('packages take this core or a later one below the next major version; others are as new as they', async () => {
  const { version } = after[0]!;
  const next = Number(version.split('.')[0]) + 1;
  for (const { dependencies, devDependencies, peerDependencies } of after) {
    expect([undefined, `>=${version} <${next}.0.0`]).toContain(peerDependencies?.['@keepprob/core']);
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies }))
      if (after.some(manifest => manifest.name === name)) expect(range).toBe(`^${version}`);
  }
  expect(await readFile(join(copy, 'packages/core/src/version.ts'), 'utf8')).toContain(`VERSION = '${version}'`);
});
