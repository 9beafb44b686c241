/** What TypeScript, as strict as it gets, says of programs of users. */
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { run } from './project.ts';

const tsc = createRequire(import.meta.url)
  .resolve('@typescript/native/package.json')
  .replace('package.json', 'bin/tsc');

const compilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  module: 'nodenext',
  target: 'es2022',
  lib: ['es2022', 'dom'],
  types: [],
};

/** Checks these files of a folder; a line for each error, which begins with the file's path in the folder. */
export async function typeErrors(folder: string, files: readonly string[]): Promise<string[]> {
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const printed = await run(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], folder).catch(
    (error: Error) => error.message,
  );
  return printed.split('\n').filter(line => /error TS\d+/.test(line));
}
