/** A folder for the files of one test file. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Folder {
  readonly path: string;
  /** Writes a file; what is not text or bytes as JSON. */
  write(name: string, content: unknown): Promise<string>;
  text(name: string): Promise<string>;
  read(name: string): Promise<Buffer>;
  names(under?: string): Promise<string[]>;
  remove(): Promise<void>;
}

export async function newFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'keepprob-'));
  return {
    path,
    async write(name, content) {
      const plain = typeof content === 'string' || content instanceof Uint8Array;
      await writeFile(join(path, name), plain ? content : JSON.stringify(content));
      return join(path, name);
    },
    text: name => readFile(join(path, name), 'utf8'),
    read: name => readFile(join(path, name)),
    names: async (under = '.') => (await readdir(join(path, under))).sort(),
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
