/** The proof that a new package works: its dependencies are installed, and its tests run. */
import { spawn } from 'node:child_process';

/** Package managers that say who they are when they run this program (`npm_config_user_agent`), as npm, pnpm, yarn and bun do. */
const managers = ['npm', 'pnpm', 'yarn', 'bun'] as const;
export type Manager = (typeof managers)[number];

/**
 * The package manager that runs this program; npm by default.
 * @example
 * managerOf('pnpm/10.4.1 npm/? node/v22.14.0 linux x64'); // 'pnpm'
 */
export const managerOf = (agent = ''): Manager => managers.find(name => agent.startsWith(`${name}/`)) ?? 'npm';

/** What is run in a new package, in this order. */
export const steps = (manager: Manager): readonly (readonly [string, ...string[]])[] => [
  [manager, 'install'],
  // bun's own `test` is another program
  [manager, ...(manager === 'bun' ? ['run', 'test'] : ['test'])],
];

/**
 * Installs what the package in a folder needs and runs its tests, in the terminal of this program.
 * @returns the first command that failed; undefined if none did
 */
export async function prove(folder: string, manager: Manager): Promise<string | undefined> {
  for (const [command, ...args] of steps(manager)) {
    const line = [command, ...args].join(' ');
    console.log(`\n> ${line}`);
    if (!(await succeeds(command, args, folder))) return line;
  }
  return undefined;
}

/** On Windows, npm is a script that only a shell starts; nothing in the line comes from others. */
const succeeds = (command: string, args: readonly string[], cwd: string): Promise<boolean> =>
  new Promise(resolve => {
    const child = spawn(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
    child.on('error', () => resolve(false));
    child.on('close', code => resolve(code === 0));
  });
