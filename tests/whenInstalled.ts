/** What tests wait for: installed.ts installs while others run. */
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { afterAll, inject } from 'vitest';
import { installAll, type Outcome } from './installed.ts';

/** The project's folder, once all is installed in it; a long test, which runs by itself, installs it. Called while a file is read. */
export async function whenInstalled(): Promise<string> {
  if (!inject('outcome')) return installedHere();
  for (;;) {
    const { project, error } = await said();
    if (error) throw new Error(error);
    if (project) return project;
    await setTimeout(200);
  }
}

async function installedHere(): Promise<string> {
  const { project, remove } = await installAll();
  afterAll(remove);
  return project;
}

/** Nothing, until it is written to its end. */
async function said(): Promise<Outcome> {
  try {
    return JSON.parse(await readFile(inject('outcome'), 'utf8'));
  } catch {
    return {};
  }
}
