/** The program in a folder of a user: in this process, which is quick, or built and in one of its own, which can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { vi } from 'vitest';
import { run as runProgram } from '../../src/program.ts';

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
  /** Runs a command line in this process: everything but the workers of `train --workers`, which exist only where the program is built. */
  run(...args: string[]): Promise<Ended>;
  /** Runs a command line as a user does. */
  start(...args: string[]): Running;
  remove(): Promise<void>;
}

/** A folder in which the program runs. With `packages`, modules in it find the packages of this repository. */
export async function newProject({ packages = false } = {}): Promise<Project> {
  const here = fileURLToPath(new URL('..', import.meta.url));
  const folder = await mkdtemp(join(packages ? here : tmpdir(), 'project-'));
  return {
    folder,
    async write(name, content) {
      const plain = typeof content === 'string' || content instanceof Uint8Array;
      await writeFile(join(folder, name), plain ? content : JSON.stringify(content));
      return join(folder, name);
    },
    read: name => readFile(join(folder, name)),
    text: name => readFile(join(folder, name), 'utf8'),
    run: (...args) => runHere(args, folder),
    start: (...args) => start(args, folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function start(args: readonly string[], folder: string): Running {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { out: '', err: '' };
  child.stdout?.on('data', text => (texts.out += text));
  child.stderr?.on('data', text => (texts.err += text));
  const ended = new Promise<Ended>(resolve => child.on('close', (code, signal) => resolve({ code, signal, ...texts })));
  return { child, ended };
}

async function runHere(args: readonly string[], folder: string): Promise<Ended> {
  const texts = { out: '', err: '' };
  const written = (to: keyof typeof texts) => (text: string | Uint8Array) => {
    texts[to] += text;
    return true;
  };
  const logged =
    (to: keyof typeof texts) =>
    (...values: unknown[]) => {
      texts[to] += `${format(...values)}\n`;
    };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(written('out')),
    vi.spyOn(process.stderr, 'write').mockImplementation(written('err')),
    vi.spyOn(console, 'log').mockImplementation(logged('out')),
    vi.spyOn(console, 'error').mockImplementation(logged('err')),
  ];
  const home = process.cwd();
  process.chdir(folder);
  try {
    await runProgram(args);
    return { code: Number(process.exitCode ?? 0), signal: null, ...texts };
  } finally {
    process.exitCode = undefined;
    process.chdir(home);
    for (const spy of spies) spy.mockRestore();
  }
}

/** Waits until the condition holds, looking again and again. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition().catch(() => false))) await new Promise(resolve => setTimeout(resolve, 5));
}
