/**
 * For the tests of this folder: everything is packed, and installed once, with npm, in one project of a user. That is begun before any test and takes
 * some ten seconds, in which tests of other folders run.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { install, newProject } from './project.ts';
import { openRegistry } from './registry.ts';
import { tensorflow } from './uses.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** A file that will say what came of it. */
    readonly outcome: string;
  }
}

/** Makes the project. */
export async function installAll(): Promise<{ readonly project: string; remove(): Promise<void> }> {
  const registry = await openRegistry();
  try {
    const project = await newProject(registry);
    // without a scope, it is asked for by its address; it brings all the others, but for the kit for tests
    await install(project, `${registry.url}keepprob.tgz`, '@keepprob/testing', ...tensorflow);
    return { project, remove: () => rm(project, { recursive: true }) };
  } finally {
    await registry.close();
  }
}

/** What came of it. */
export interface Outcome {
  readonly project?: string;
  readonly error?: string;
}

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'keepprob-installed-'));
  const outcome = join(folder, 'outcome.json');
  provide('outcome', outcome);
  const say = (what: Outcome): Promise<void> => writeFile(outcome, JSON.stringify(what));
  const over = installAll().then(
    ({ project, remove }) => say({ project }).then(() => remove),
    (error: Error) => say({ error: `${error.stack}` }).then(() => () => undefined),
  );
  return async () => {
    await (await over)();
    await rm(folder, { recursive: true });
  };
}
