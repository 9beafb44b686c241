/** The JavaScript of a README, run as it stands. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface Snippet {
  /** The heading above it, and its number below that. */
  readonly title: string;
  readonly code: string;
}

export async function snippetsOf(readme: URL): Promise<Snippet[]> {
  const parts = (await readFile(readme, 'utf8')).split(/^#+ /m).slice(1);
  return parts.flatMap(part => {
    const [heading] = part.split('\n') as [string];
    const codes = [...part.matchAll(/^```js\n([\s\S]*?)^```/gm)].map(([, code]) => code as string);
    return codes.map((code, i) => ({ title: codes.length > 1 ? `${heading}, ${i + 1}` : heading, code }));
  });
}

/** A folder in which imports find the packages, for the files of one README. */
export async function openFolder(name: string): Promise<{ readonly path: string; close(): Promise<void> }> {
  const path = fileURLToPath(new URL(`./${name}.tmp/`, import.meta.url));
  await mkdir(path, { recursive: true });
  return { path, close: () => rm(path, { recursive: true }) };
}

/** Runs a module in a directory of its own, where it may write. */
export async function runModule(file: string, code: string): Promise<void> {
  const cwd = await mkdtemp(join(tmpdir(), 'keepprob-snippet-'));
  try {
    await writeFile(file, code);
    await promisify(execFile)(process.execPath, [file], { cwd });
  } finally {
    await rm(cwd, { recursive: true });
  }
}
