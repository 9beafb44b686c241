import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file that grows at its end. What is written has left the process when `write` returns, and outlives a kill. */
export interface GrowingFile {
  write(data: string | Uint8Array): void;
  close(): void;
}

/** Opens or makes a file; of what is in it, `keep` says how many bytes stay. */
export function openGrowing(path: string, keep: (text: string) => number): GrowingFile {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'a+');
  try {
    ftruncateSync(file, keep(readFileSync(path, 'utf8')));
  } catch (error) {
    closeSync(file);
    throw error;
  }
  return growing(file);
}

/** Makes a file; undefined where there is one of that name. */
export function openNew(path: string): GrowingFile | undefined {
  mkdirSync(dirname(path), { recursive: true });
  try {
    return growing(openSync(path, 'wx'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
}

function growing(file: number): GrowingFile {
  let open = true;
  return {
    write(data) {
      const bytes = typeof data === 'string' ? Buffer.from(data) : data;
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}
