/** What tests wait for: installed.ts installs while others run. */
import { readFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { inject } from 'vitest';
import type { Outcome } from './installed.ts';

/** The project's folder, once all is installed in it. */
export async function whenInstalled(): Promise<string> {
  for (;;) {
    const { project, error } = await said();
    if (error) throw new Error(error);
    if (project) return project;
    await setTimeout(200);
  }
}

/** Nothing, until it is written to its end. */
async function said(): Promise<Outcome> {
  try {
    return JSON.parse(await readFile(inject('outcome'), 'utf8'));
  } catch {
    return {};
  }
}
