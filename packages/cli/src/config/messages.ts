/** Messages of the program that are not in core. Each says what was expected, what was received, and what to do. */
import { show } from '@keepprob/core/driver';
import type { OtherCopy } from './copies.ts';

/** A name from a file, escaped so that it cannot affect a terminal. */
export const named = (name: string): string => show(name).slice(1, -1);

/** Such names, limited to a readable number. */
export function listed(names: readonly string[], most = 20): string {
  const shown = names.slice(0, most).map(named);
  return [...shown, ...(names.length > most ? [`… (${names.length} in all)`] : [])].join(', ');
}

/** `1 class`, `2 classes`. */
export const plural = (n: number, word: string): string =>
  `${n} ${word}${n === 1 ? '' : word.endsWith('s') ? 'es' : 's'}`;

/** A word, quoted for a shell if needed. */
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
  `${path}: expected a config that ends in one of ${known.join(', ')}.${/\.(?:csv|tsv|txt)(?:\.gz)?$/i.test(path) ? ` For a table \`${goOn('init', [path])}\` writes one.` : ''}`;
export const noDefault = (path: string): string =>
  `${path}: it exports no config. Write \`export default defineConfig(…)\`.`;
export const notInstalled = (path: string, module: string): string =>
  `${path}: it needs ${module}, which is not installed there. Run \`npm install ${module}\`.`;
export const noFactory = (
  owner: string,
  name: string,
  kind: 'plugin' | 'layer',
  known: readonly string[],
  nearest: string | undefined,
): string => {
  const module = name.replace(/#.*/, '');
  if (!known.length)
    return `${owner}: ${module} exports no factory of ${kind}s, as ${kind === 'plugin' ? 'definePlugin of @keepprob/core makes' : 'defineLayer of @keepprob/core/layers makes'} them.`;
  if (name === module)
    return `${owner}: ${module} exports several factories. Name one: ${known.map(key => `"${module}#${key}"`).join(', ')}.`;
  return `${owner}: ${module} exports no factory of ${kind}s "${name.slice(module.length + 1)}".${nearest ? ` Did you mean "${module}#${nearest}"?` : ''} Known: ${known.join(', ')}.`;
};
export const otherKind = (owner: string, name: string, wanted: 'plugin' | 'layer'): string =>
  wanted === 'plugin'
    ? `${owner}: ${name} makes layers. Name it in \`model\`: { "layer": "${name}", … }.`
    : `${owner}: ${name} makes training plugins. Name it in \`plugins\`: { "plugin": "${name}", … }.`;
export const severalInputs = (owner: string, name: string): string =>
  `${owner}: ${name} makes layers that join several inputs, and a config in JSON has one layer after the other. Use them in a config in TypeScript.`;
export const strangerThrows = (owner: string, module: string, reason: string): string =>
  `${owner}: ${module} fails while it is loaded: ${reason}`;
export const strangerCopies = (owner: string, name: string, { module, theirs, ours }: OtherCopy): string =>
  `${owner}: ${name} uses another copy of ${module} (${theirs}) than keepprob (${ours}), and the two cannot work together. Install it as others do, not as a link: \`npm pack\` in its folder, then \`npm install\` of the file.`;
export const notMade = (name: string, what: string): string =>
  `${name} made something other than ${what}. Tell its authors.`;
export const otherContract = (name: string, theirs: unknown, ours: number): string =>
  `${name} was written for version ${String(theirs)} of the plugin contract; keepprob has version ${ours}. Install versions of the two that match.`;
export const otherUnits = (owner: string, expected: string, received: string): string =>
  `${owner}: model: expected ${expected}. Received: ${received}.`;
export const twoCopies = ({ module, theirs, ours }: OtherCopy): string =>
  `the config uses another copy of ${module} (${theirs}) than keepprob (${ours}), and the two cannot work together. Run \`npm install keepprob\` in the config's project, and start it there.`;
export const holdsRun = (folder: string): string =>
  `${folder} already holds a run. Continue it with --resume, replace it with --force, or choose another folder with --out.`;
export const noRows = (model: string): string =>
  `${quoted(model)}: say which rows: --config with the config that it was trained from, for its validation rows, or --data with other rows that have labels.`;
export const trainedOn = (): string =>
  'warning      the config sets no rows aside: the model was trained on these, and is better on them than on others';
export const severalOutputs = (): string =>
  'the model has several outputs; `evaluate` and `predict` take those with one.';
export const noPreprocessing = (model: string): string =>
  `${model}: there is no preprocessing.json next to it, which says what columns and scaling it was trained with. \`keepprob train\` writes both files.`;
export const notOfTable = (model: string): string => `${model} was trained on arrays; \`predict\` reads tables (CSV).`;
export const noTable = (path: string): string =>
  `${path}: expected a table (CSV). If it is a config, \`${goOn('train', [path])}\` trains it.`;
export const configForModel = (path: string): string =>
  `${path}: expected a model. Received: a config. \`${goOn('train', [path])}\` trains one from it, and says where it is.`;
export const tableForModel = (path: string): string =>
  `${path}: expected a model: the folder of a run, or its model.json. Received: a table.`;
export const holdsFile = (path: string): string =>
  `${path} already exists. Replace it with --force, or choose another name with --out.`;
export const interrupted = (): string =>
  'interrupted: finishing and saving the current step; press Ctrl-C again to end at once.';
export const leaving = (): string => 'interrupted: ending after the current step; press Ctrl-C again to end at once.';
export const goOn = (command: string, words: readonly string[]): string =>
  `npx keepprob ${command} ${words.map(quoted).join(' ')}`;
export const takeAnyway = (): string => '`--resume --force` takes what fits from it.';
export const toSearch = (path: string): string =>
  `${path}: option \`search\` is for a search. Run ${goOn('search', [path])} and train the best.json that it writes, or leave the key out.`;
export const notSearchable = (path: string): string =>
  `${path}: a search takes a config that JSON can hold, since other processes compute it. For functions use search() of @keepprob/search.`;
export const savedModelStays = (path: string, model: string): string =>
  `${path}: model: expected layers, since a saved model (${model}) is not sent to other machines. Write its layers into the config, or search on this machine, without --db.`;
export const noneHere = (reason: string): string => `no more processes on this machine serve the search: ${reason}`;
export const spaceFixed = (path: string, key: string): string =>
  `${path}: ${key}: expected no space here, since it is the same in every trial. Write the value itself.`;
export const holdsSearch = (folder: string): string =>
  `${folder} already holds a search. Continue it with --resume, or choose another folder with --out.`;
export const holdsOther = (folder: string, name: string): string =>
  `${folder} holds ${name}, which does not belong to a search. Choose another folder with --out.`;
export const anotherSearch = (folder: string, key: string, before: string, now: string): string =>
  `${folder} holds a search of another config: ${key} was ${before}, and is ${now}. Use the config as it was, or choose another folder with --out.`;
export const noSearch = (folder: string): string =>
  `${folder} holds no search: \`npx keepprob search config.json --out ${quoted(folder)}\` starts one.`;
export const searchInterrupted = (): string =>
  'interrupted: what is measured is saved, the rest is given up; press Ctrl-C again to end at once.';
export const nothingYet = (): string => 'No trial is complete yet.';
