/** Messages of the program that core has no words for. Each says what was expected, what came, and what to do. */
import { show } from '@keepprob/core/driver';

/** Names that a file brings along, as many as one reads; whatever stands in them does nothing to a terminal. */
export function listed(names: readonly string[], most = 20): string {
  const shown = names.slice(0, most).map(name => show(name).slice(1, -1));
  return [...shown, ...(names.length > most ? [`… (${names.length} in all)`] : [])].join(', ');
}

/** A word as a shell takes it for one. */
const quoted = (word: string): string =>
  /^[\w./:\\@+=,-]+$/.test(word) ? word : `"${word.replaceAll(/["\\$`]/g, '\\$&')}"`;

export const nameUnknown = (
  where: string,
  what: string,
  name: string,
  nearest: string | undefined,
  known: readonly string[],
): string =>
  `${where}: there is no ${what} "${name}".${nearest ? ` Did you mean "${nearest}"?` : ''} Known: ${known.join(', ')}.`;
export const fileMissing = (path: string): string => `${path}: no such file.`;
export const notRead = (path: string, reason: string): string => `${path}: ${reason}`;
export const notJson = (path: string, reason: string): string => `${path}: this is not JSON: ${reason}.`;
export const extension = (path: string, known: readonly string[]): string =>
  `${path}: expected a config that ends in one of ${known.join(', ')}.`;
export const noDefault = (path: string): string =>
  `${path}: it exports no config. Write \`export default defineConfig(…)\`.`;
export const notInstalled = (path: string, module: string): string =>
  `${path}: it imports ${module}, which is not installed there. Run \`npm install ${module}\`.`;
export const twoCopies = (module: string, theirs: string, ours: string): string =>
  `the config uses another copy of ${module} (${theirs}) than keepprob (${ours}), and the two cannot work together. Run \`npm install keepprob\` in the config's project, and start it there.`;
export const holdsRun = (folder: string): string =>
  `${folder} already holds a run. Continue it with --resume, replace it with --force, or choose another folder with --out.`;
export const interrupted = (): string =>
  'interrupted: finishing and saving the current step; press Ctrl-C again to end at once.';
export const leaving = (): string => 'interrupted: ending after the current step; press Ctrl-C again to end at once.';
export const goOn = (words: readonly string[]): string => `npx keepprob train ${words.map(quoted).join(' ')}`;
export const takeAnyway = (): string => '`--resume --force` takes what fits from it.';
