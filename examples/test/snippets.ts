/** The JavaScript of a README, run as it stands. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Snippet {
  /** The heading above it, and its number below that. */
  readonly title: string;
  readonly code: string;
  /** What it prints, where the README says so below the code. */
  readonly prints?: string;
}

export const snippetsOf = async (readme: URL): Promise<Snippet[]> => snippetsIn(await readFile(readme, 'utf8'));

/** The snippets of a Markdown text. */
export function snippetsIn(text: string): Snippet[] {
  const parts = text.split(/^#+ /m).slice(1);
  return parts.flatMap(part => {
    const [heading] = part.split('\n') as [string];
    const shown = [...part.matchAll(/^```js\n([\s\S]*?)^```(?:\n\n```text\n([\s\S]*?)^```)?/gm)];
    return shown.map(([, code = '', prints], i) => ({
      title: shown.length > 1 ? `${heading}, ${i + 1}` : heading,
      code,
      ...(prints !== undefined && { prints }),
    }));
  });
}

/** How a program ended. */
export interface Outcome {
  /** What it said when it failed; nothing where it did not. */
  readonly failure: string;
  readonly printed: string;
}
export type Outcomes = ReadonlyMap<string, Outcome>;

/** Output without its numbers, which another machine may round in another way. */
export const shapeOf = (printed: string): string => printed.replace(/\d+(\.\d+)?/g, '#').trim();

/**
 * Runs modules by name (`lens/picture.mjs`) one after the other in one process, since loading TensorFlow.js takes longer than most of them, each in a
 * directory of its own where it may write; those that are only there to be found by others are written and not run. Imports find the packages as built.
 */
export async function runModules(
  name: string,
  modules: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string> = new Map(),
): Promise<Outcomes> {
  const folder = fileURLToPath(new URL(`./${name}.tmp/`, import.meta.url));
  await mkdir(folder, { recursive: true });
  try {
    for (const [file, code] of [...modules, ...found]) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      await writeFile(join(folder, file), code);
    }
    const files = [...modules.keys()].map(file => join(folder, file));
    const { stdout } = await promisify(execFile)(process.execPath, [runner, ...files]);
    const said = stdout.split('\n').flatMap(line => (line.startsWith(MARK) ? [line.slice(MARK.length)] : []));
    const ended = new Map(said.map(line => JSON.parse(line) as [string, Outcome]));
    return new Map([...modules.keys()].map(file => [file, ended.get(join(folder, file)) ?? lost]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const lost: Outcome = { failure: 'it ended the process', printed: '' };

/** As the runner says it. */
const MARK = 'outcome of a snippet: ';
const runner = fileURLToPath(new URL('runner.mjs', import.meta.url));
