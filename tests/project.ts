/** An empty project of somebody who uses the packages. */
import { execFile } from 'node:child_process';
import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Registry } from './registry.ts';

/** Runs a command as from a shell, not as from a test, and gives what it prints. */
export const run = async (command: string, args: readonly string[], cwd: string): Promise<string> => {
  // vitest's own, which tools read
  const env = { ...process.env, NODE_ENV: undefined, VITEST: undefined };
  try {
    return (await promisify(execFile)(command, args, { cwd, env, maxBuffer: 2 ** 24 })).stdout;
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout: string; stderr: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`);
  }
};

/** Makes the project in a temporary folder, which is the caller's to remove. */
export async function newProject(registry: Registry): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'keepprob-user-')));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  await writeFile(join(folder, '.npmrc'), `@keepprob:registry=${registry.url}\naudit=false\nfund=false\n`);
  return folder;
}

/** Adds packages to the project with npm. */
export const install = (folder: string, ...packages: string[]): Promise<string> =>
  run('npm', ['install', '--prefer-offline', '--no-package-lock', ...packages], folder);
