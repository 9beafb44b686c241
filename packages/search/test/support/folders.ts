/** Folders for tests, which are gone afterwards. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is not there yet. */
export function freshFolder(): string {
  const parent = mkdtempSync(join(tmpdir(), 'keepprob-search-test-'));
  made.push(parent);
  return join(parent, 'search');
}

export const journalOf = (folder: string): string => join(folder, 'journal.log');

export const linesOf = (folder: string): string[] => readFileSync(journalOf(folder), 'utf8').trimEnd().split('\n');

/** What a journal says beside times. */
export const withoutTimes = (lines: readonly string[]): string[] =>
  lines.map(line => line.replace(/"(datetime_\w+|seconds)":("[^"]*"|[\d.e-]+)/g, '"$1":0'));
