/** `npm create @keepprob/plugin`, from the packages as they are packed. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './project.ts';

/** Runs it in a folder whose .npmrc names the registry, which is the user's for the install in the folder that it makes. */
export async function createdBy(folder: string, ...args: readonly string[]): Promise<string> {
  await forgetOld();
  const env = { NPM_CONFIG_USERCONFIG: join(folder, '.npmrc') };
  return run('npm', ['create', '--yes', '--prefer-online', '@keepprob/plugin', '--', ...args], folder, env);
}

/** npm keeps what it has run once by name and version, which are those of every build between two releases. */
async function forgetOld(): Promise<void> {
  const cache = (await run('npm', ['config', 'get', 'cache'], process.cwd())).trim();
  const kept = join(cache, '_npx');
  for (const name of await readdir(kept).catch((): string[] => [])) {
    const found = await readdir(join(kept, name, 'node_modules', '@keepprob')).catch((): string[] => []);
    if (found.includes('create-plugin')) await rm(join(kept, name), { recursive: true });
  }
}
