/** Before the tests of this folder: everything is packed, and installed once, with npm, in one project of a user. */
import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { install, newProject } from './project.ts';
import { openRegistry } from './registry.ts';
import { tensorflow } from './uses.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The project's folder. */
    readonly installed: string;
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

export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { project, remove } = await installAll();
  provide('installed', project);
  return remove;
}
