/** The built program, run as a user runs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../bin/keepprob.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Project {
  readonly folder: string;
  /** Writes a file; what is not text or bytes as JSON. */
  write(name: string, content: unknown): Promise<string>;
  read(name: string): Promise<Buffer>;
  text(name: string): Promise<string>;
  start(...args: string[]): Running;
  run(...args: string[]): Promise<Ended>;
  remove(): Promise<void>;
}

/** A folder in which the program runs. With `packages`, modules in it find the packages of this repository. */
export async function newProject({ packages = false } = {}): Promise<Project> {
  const here = fileURLToPath(new URL('..', import.meta.url));
  const folder = await mkdtemp(join(packages ? here : tmpdir(), 'project-'));
  const start = (...args: string[]): Running => {
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const texts = { out: '', err: '' };
    child.stdout?.on('data', text => (texts.out += text));
    child.stderr?.on('data', text => (texts.err += text));
    const ended = new Promise<Ended>(resolve =>
      child.on('close', (code, signal) => resolve({ code, signal, ...texts })),
    );
    return { child, ended };
  };
  return {
    folder,
    async write(name, content) {
      const plain = typeof content === 'string' || content instanceof Uint8Array;
      await writeFile(join(folder, name), plain ? content : JSON.stringify(content));
      return join(folder, name);
    },
    read: name => readFile(join(folder, name)),
    text: name => readFile(join(folder, name), 'utf8'),
    start,
    run: (...args) => start(...args).ended,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Waits until the condition holds, looking again and again. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise(resolve => setTimeout(resolve, 5));
}
