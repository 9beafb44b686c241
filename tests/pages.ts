/** The program of `bundlers/` in pages of a project in which everything is installed, and what it must leave there. */
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { serve, visit } from './site.ts';

const sources = fileURLToPath(new URL('./bundlers/', import.meta.url));

/** What a program of `bundlers/` has left: the report of `install()`, once every number was right, or what went wrong. */
export interface Outcome {
  readonly error?: string;
  readonly report?: object;
}

/** A project, and a browser that looks at its pages. */
export interface Where {
  readonly project: string;
  readonly browser: Browser;
}

/** A folder of the project with the user's program in it, and a page with this in its head. */
export async function app(project: string, name: string, head: string): Promise<string> {
  const folder = join(project, name);
  await cp(sources, folder, { recursive: true });
  await writeFile(join(folder, 'index.html'), `<!doctype html>\n<html><head>${head}</head><body></body></html>\n`);
  return folder;
}

/** Serves the folder, with TF.js' binaries beside it, and opens the page; anything that the page complains of is an error. */
export async function outcomeOf(
  { project, browser }: Where,
  folder: string,
  { path = '', isolated = false } = {},
): Promise<Outcome> {
  const mounts = { '/wasm/': join(project, 'node_modules/@tensorflow/tfjs-backend-wasm/dist/') };
  const site = await serve(folder, { mounts, isolated });
  try {
    const { result, complaints } = await visit<Outcome>(browser, site.url + path);
    return complaints.length > 0 ? { error: [result.error, ...complaints].join('\n') } : result;
  } finally {
    site.close();
  }
}

/** What the page of this policy leaves, which complains of what it forbids. */
export async function outcomeUnder(
  policy: string,
  { project, browser }: Where,
  folder: string,
  path: string,
): Promise<Outcome> {
  const mounts = { '/wasm/': join(project, 'node_modules/@tensorflow/tfjs-backend-wasm/dist/') };
  const site = await serve(folder, { mounts, isolated: true, policy });
  try {
    return (await visit<Outcome>(browser, site.url + path)).result;
  } finally {
    site.close();
  }
}

/** What the program leaves; it asks for two threads where memory is shared. */
export const installed = (threads: 1 | 2 = 1) => ({
  report: {
    installed: true,
    backend: 'wasm',
    active: true,
    build: expect.stringMatching(/^(relaxed-)?simd$/),
    kernels: expect.arrayContaining(['BatchMatMul', 'Conv2DBackpropFilter', 'KeepprobDropout.1']),
    threads,
  },
});

export const installedOnWebGL = { report: { installed: true, backend: 'webgl', kernels: ['KeepprobDropout.1'] } };
