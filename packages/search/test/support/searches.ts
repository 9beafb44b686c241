/** Programs that search, run as for a user, and may be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const pathOf = (program: string): string => fileURLToPath(new URL(`../programs/${program}.mjs`, import.meta.url));

/** Runs until the end, or until so many units are measured; then `act` is asked what to do. Gives what was found, if it came to that. */
export function runSearch(
  program: string,
  args: readonly (string | number)[],
  at = -1,
  act: (search: ChildProcess) => void = () => undefined,
): Promise<string | undefined> {
  const search = spawn(process.execPath, [pathOf(program), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let found: string | undefined;
  createInterface({ input: search.stdout }).on('line', line => {
    if (line.startsWith('found ')) found = line.slice(6);
    if (line === `unit ${at}`) act(search);
  });
  return new Promise(resolve => search.once('close', () => resolve(found)));
}

/** A program that says `ready`, when it is. */
export async function begun(program: string, args: readonly (string | number)[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [pathOf(program), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', line => line === 'ready' && resolve(undefined));
    child.once('exit', code => reject(new Error(`${program} ended with code ${code}`)));
  });
  return child;
}

export const ended = (child: ChildProcess, signal: NodeJS.Signals): Promise<void> =>
  new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    child.once('exit', () => resolve());
    child.kill(signal);
  });

/** Whether a process of this number runs. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** What was found, beside where it is written and how long it took. */
export const plain = (found: string | undefined): unknown =>
  JSON.parse(found ?? 'null', (key, value) =>
    key === 'seconds' || key === 'journal'
      ? null
      : key === 'units' && Array.isArray(value)
        ? value.sort((a, b) => a.fold - b.fold || a.seed - b.seed)
        : value,
  );
