/** The module of a trial as one text that a worker on another machine can load. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionError } from '@keepprob/core';
import * as messages from '../messages.ts';

/** What the worker has: there is one TensorFlow.js in a process, and layers and kernels register in it. */
const EXTERNAL = ['@tensorflow/*', '@keepprob/*', 'keepprob'];
const RELATIVE = /\b(?:from|import)\s*\(?\s*['"](?:\.|\/|file:)/;

/** Comments may name types of other files. */
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

/**
 * Bundled by esbuild where that is installed; else the file itself, which then imports packages alone.
 * @throws OptionError for a module that cannot be bundled
 */
export async function codeOf(trial: URL): Promise<string> {
  const refuse = (reason: string): OptionError =>
    new OptionError(messages.notSent(trial.href, reason), { option: 'trial', received: trial.href });
  if (trial.protocol !== 'file:') throw refuse('it is not a file');
  const path = fileURLToPath(trial);
  const esbuild = await import('esbuild').catch(() => null);
  if (esbuild === null) {
    const text = await readFile(path, 'utf8').catch((error: Error) => Promise.reject(refuse(error.message)));
    if (!/\.m?js$/.test(path) || RELATIVE.test(withoutComments(text)))
      throw refuse('it imports other files or is no JavaScript, and esbuild is not installed');
    return text;
  }
  try {
    const { outputFiles } = await esbuild.build({
      ...{ entryPoints: [path], bundle: true, write: false, external: EXTERNAL, absWorkingDir: dirname(path) },
      ...{ format: 'esm', platform: 'node', target: 'node20', logLevel: 'silent', legalComments: 'none' },
    });
    return outputFiles[0]?.text ?? '';
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}
