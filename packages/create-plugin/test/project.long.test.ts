/** What is written builds and is fit to publish: TypeScript, npm pack and publint on a package of each kind. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { createPlugin } from '../src/createPlugin.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
// in this folder, where packages are found
const folder = await mkdtemp(join(fileURLToPath(new URL('.', import.meta.url)), 'project-'));
afterAll(() => rm(folder, { recursive: true }));

test.each(['training', 'layer', 'step'] as const)('a package of kind %s', { timeout: 300_000 }, async kind => {
  const cwd = join(folder, kind);
  await createPlugin({ name: `my-${kind}`, kind, folder: cwd });
  const node = (tool: string, ...args: readonly string[]) =>
    run(process.execPath, [join(root, 'node_modules', tool), ...args], { cwd });
  await node('typescript/bin/tsc6');
  expect((await readdir(join(cwd, 'dist'))).sort()).toEqual(['index.d.ts', 'index.js', 'index.js.map']);
  await node('publint/src/cli.js', '--strict');
  await node('@arethetypeswrong/cli/dist/index.js', '--pack', '.', '--profile', 'esm-only');
});
