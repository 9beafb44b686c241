/** Projects of somebody who uses the packages. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Registry } from './registry.ts';

/** Runs a command as from a shell, not as from a test, and gives what it prints. */
export const run = async (
  command: string,
  args: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<string> => {
  // vitest's own, which tools read
  const env = {
    ...process.env,
    NODE_ENV: undefined,
    VITEST: undefined,
    FORCE_COLOR: undefined,
    NO_COLOR: '1',
    ...more,
  };
  try {
    return (await promisify(execFile)(command, args, { cwd, env, maxBuffer: 2 ** 24 })).stdout;
  } catch (error) {
    const { message, stdout, stderr } = error as Error & { stdout: string; stderr: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`);
  }
};

/** What makes npm ask the registry for our packages, and no one for anything that is not needed. */
export const npmrc = ({ url }: Registry): string =>
  `@keepprob:registry=${url}\naudit=false\nfund=false\nprefer-offline=true\n`;

const manifest = JSON.stringify({ name: 'user', private: true, type: 'module' });

/** A project in a temporary folder, which is the caller's to remove; its npm asks the registry for our packages. */
export async function newProject(registry: Registry): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'keepprob-user-')));
  await writeFile(join(folder, 'package.json'), manifest);
  await writeFile(join(folder, '.npmrc'), npmrc(registry));
  return folder;
}

/** Adds packages to the project with npm; those of TensorFlow.js in the version that we build on. */
export const install = (folder: string, ...packages: readonly string[]): Promise<string> => {
  const versioned = packages.map(name => (name.startsWith('@tensorflow/') ? `${name}@4.22.0` : name));
  return run('npm', ['install', '--prefer-offline', '--no-package-lock', ...versioned], folder);
};

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

const isOurs = (name: string): boolean => name === 'keepprob' || name.startsWith('@keepprob/');

/** What package managers install with these packages of the project: what they declare, and what those of ours among that declare. */
export async function broughtBy(project: string, names: readonly string[]): Promise<string[]> {
  const found = new Set(names);
  for (const name of found) {
    if (!isOurs(name)) continue;
    const path = join(project, 'node_modules', name, 'package.json');
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      await readFile(path, 'utf8'),
    ) as Manifest;
    const peers = Object.keys(peerDependencies ?? {}).filter(peer => !peerDependenciesMeta?.[peer]?.optional);
    for (const needed of [...Object.keys(dependencies ?? {}), ...peers]) found.add(needed);
  }
  return [...found].sort();
}

/** Makes a project in `folder` with these packages of the first one and what comes with them, where nothing else can be found. */
export async function projectWith(project: string, names: readonly string[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), manifest);
  for (const name of await broughtBy(project, names)) {
    const [from, to] = [join(project, 'node_modules', name), join(folder, 'node_modules', name)];
    await mkdir(dirname(to), { recursive: true });
    // a link would lead to the neighbours that a package has in the first project
    if (isOurs(name)) await cp(from, to, { recursive: true });
    else await symlink(from, to, 'junction');
  }
}
