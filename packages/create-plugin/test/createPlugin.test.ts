/** What is written: for each kind a plugin that passes the conformance kit; and what is refused. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { createPlugin, type PluginKind } from '../src/createPlugin.ts';
import { namesOf } from '../src/names.ts';
import { run } from '../src/program.ts';
import { managerOf, prove, steps } from '../src/prove.ts';

// in this folder, where packages are found
const folder = await mkdtemp(join(fileURLToPath(new URL('.', import.meta.url)), 'project-'));
afterAll(() => rm(folder, { recursive: true }));

const kinds: readonly PluginKind[] = ['training', 'layer', 'step'];
const created = await Promise.all(
  kinds.map(kind => createPlugin({ name: `my-${kind}`, kind, folder: join(folder, kind) })),
);
// the conformance tests that were written, as they stand
for (const kind of kinds) await import(join(folder, kind, 'test/index.test.ts'));

describe.each(kinds)('a package of kind %s', kind => {
  const text = (path: string): Promise<string> => readFile(join(folder, kind, path), 'utf8');

  test('has one source, one test, and what it takes to publish it', async () => {
    const { files, name } = created[kinds.indexOf(kind)] ?? { files: [], name: '' };
    expect([...files].sort()).toEqual([
      '.changeset/config.json',
      '.changeset/first.md',
      '.github/workflows/ci.yml',
      '.gitignore',
      'README.md',
      'package.json',
      'src/index.ts',
      'test/index.test.ts',
      'tsconfig.json',
    ]);
    expect(name).toBe(`keepprob-plugin-my-${kind}`);
    const manifest = JSON.parse(await text('package.json'));
    expect(manifest).toMatchObject({ name, keywords: expect.arrayContaining(['keepprob-plugin']) });
    expect(Object.keys(manifest.peerDependencies)).toContain('@keepprob/core');
    JSON.parse(await text('tsconfig.json'));
  });

  test('its README has the formula and every option of the source', async () => {
    const [readme, source] = [await text('README.md'), await text('src/index.ts')];
    const options = [...source.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, option]) => option);
    expect([...readme.matchAll(/^\| `(\w+)` \|/gm)].map(([, option]) => option)).toEqual(options);
    expect(readme).toMatch(/\| formula \|/);
  });
});

describe('names', () => {
  test.each([
    ['smooth-l1', 'keepprob-plugin-smooth-l1', 'smoothL1'],
    ['keepprob-plugin-x', 'keepprob-plugin-x', 'xPlugin'],
    ['new', 'keepprob-plugin-new', 'newPlugin'],
    ['a1-2b', 'keepprob-plugin-a1-2b', 'a12b'],
  ])('%s', (name, module, factory) => expect(namesOf(name)).toMatchObject({ module, factory }));

  test.each(['', 'Smooth', '1st', 'a b', '../up', 'a--b', '-a', 'a/b', 'keepprob-plugin-', 'x'.repeat(101)])(
    '%j is refused, and nothing is written',
    async name => {
      await expect(createPlugin({ name, folder: join(folder, 'none') })).rejects.toThrow(
        /^expected a name of lower-case letters, digits and hyphens/,
      );
      expect(await readdir(folder)).not.toContain('none');
    },
  );
});

describe('the command line', () => {
  const said = async (...args: string[]) => {
    const out = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const err = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const code = await run(args);
    const texts = { out: out.mock.calls.flat().join('\n'), err: err.mock.calls.flat().join('\n') };
    out.mockRestore();
    err.mockRestore();
    return { code, ...texts };
  };

  test('writes a package, and says how to go on', async () => {
    const out = join(folder, 'cli');
    const { code, out: told } = await said('quiet', '--kind', 'layer', '--yes', '--no-install', '--out', out);
    expect(code).toBe(0);
    expect(told).toContain(`keepprob-plugin-quiet is in ${out}: package.json`);
    expect(told).toMatch(/(npm|pnpm|yarn|bun) install\n +\1( run)? test/);
    expect((await said('--help')).out).toMatch(/^Usage: npm create @keepprob\/plugin/);
  });

  test.each([
    [['a', '--kind', 'optimizer'], /expected a kind among layer, training, step\. Received: "optimizer"\.$/],
    [['a', '--kind', 'toString'], /expected a kind among/],
    [['A'], /expected a name of lower-case letters/],
    [['a', '--sort', 'b'], /Unknown option '--sort'/],
  ])('%j is refused', async (args, message) => {
    const { code, err } = await said(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  test('a folder with something in it, and a file, stay as they are; one of git alone is empty', async () => {
    const base = await mkdtemp(join(tmpdir(), 'create-'));
    await mkdir(join(base, 'full'));
    await writeFile(join(base, 'full/a'), '1');
    expect((await said('a', '--out', join(base, 'full'))).err).toMatch(/already exists and is not empty/);
    expect((await said('a', '--out', join(base, 'full/a'))).err).toMatch(/is a file/);
    expect(await readdir(join(base, 'full'))).toEqual(['a']);
    await mkdir(join(base, 'new/.git'), { recursive: true });
    expect((await said('a', '--no-install', '--out', join(base, 'new'))).code).toBe(0);
    await rm(base, { recursive: true });
  });
});

describe('the proof', () => {
  test.each([
    ['npm/11.4.2 node/v24.4.0 linux x64 workspaces/false', 'npm'],
    ['pnpm/10.4.1 npm/? node/v22.14.0 linux x64', 'pnpm'],
    ['yarn/4.6.0 npm/? node/v22.14.0 linux x64', 'yarn'],
    ['bun/1.2.3 npm/? node/v22.6.0 linux x64', 'bun'],
    ['cnpm/9.4.0', 'npm'],
    [undefined, 'npm'],
  ])('of %s is run by %s', (agent, manager) => expect(managerOf(agent)).toBe(manager));

  test('is an install and the test of the package', () => {
    expect(steps('npm')).toEqual([
      ['npm', 'install'],
      ['npm', 'test'],
    ]);
    expect(steps('bun')[1]).toEqual(['bun', 'run', 'test']);
  });

  test('that fails names the command', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    // no folder, no install
    expect(await prove(join(folder, 'none'), 'npm')).toBe('npm install');
    log.mockRestore();
  });
});
