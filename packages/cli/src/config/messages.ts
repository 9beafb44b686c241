/** Messages of the program that core has no words for. Each says what was expected, what came, and what to do. */

/** A word as a shell takes it for one. */
const quoted = (word: string): string =>
  /^[\w./:\\@+=,-]+$/.test(word) ? word : `"${word.replaceAll(/["\\$`]/g, '\\$&')}"`;

export const messages = {
  nameUnknown: (where: string, what: string, name: string, nearest: string | undefined, known: readonly string[]) =>
    `${where}: there is no ${what} "${name}".${nearest ? ` Did you mean "${nearest}"?` : ''} Known: ${known.join(', ')}.`,
  fileMissing: (path: string) => `${path}: there is no such file.`,
  notRead: (path: string, reason: string) => `${path}: ${reason}`,
  notJson: (path: string, reason: string) => `${path}: this is not JSON: ${reason}.`,
  extension: (path: string, known: readonly string[]) =>
    `${path}: expected a config that ends in one of ${known.join(', ')}.`,
  noDefault: (path: string) => `${path}: it exports no config. Write \`export default defineConfig(…)\`.`,
  notInstalled: (path: string, module: string) =>
    `${path}: it imports ${module}, which is not installed there. Run \`npm install ${module}\`.`,
  twoCopies: (module: string, theirs: string, ours: string) =>
    `the config uses another copy of ${module} (${theirs}) than keepprob (${ours}), and the two cannot work together. Run \`npm install keepprob\` in the config's project, and start it there.`,
  holdsRun: (folder: string) =>
    `${folder} holds a run. Go on with it by --resume, replace it by --force, or choose another folder by --out.`,
  interrupted: () => 'interrupted: the step in progress is finished and saved; Ctrl-C once more ends it at once.',
  leaving: () => 'interrupted: ends after the step in progress; Ctrl-C once more ends it at once.',
  goOn: (words: readonly string[]) => `npx keepprob train ${words.map(quoted).join(' ')}`,
  takeAnyway: () => '`--resume --force` takes what fits of it.',
} as const;
