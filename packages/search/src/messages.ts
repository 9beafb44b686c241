/** Messages of this package. Each says what was expected, what was received, and what to do. */
import { duration, show } from '@keepprob/core/driver';

/** A message from elsewhere as a complete sentence, so that another can follow. */
const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

export const spaceUnknown = (
  owner: string,
  kind: string,
  nearest: string | undefined,
  known: readonly string[],
): string =>
  `${owner}: unknown space ${show(kind)}.${nearest ? ` Did you mean ${show(nearest)}?` : ''} Known: ${known.join(', ')}.`;
export const boundsOrder = (owner: string, low: number, high: number): string =>
  `${owner}: expected low < high. Received: ${low} and ${high}.${low === high ? ' If there is nothing to search, write the number itself.' : ''}`;
export const logOfZero = (owner: string, low: number): string =>
  `${owner}: a logarithmic scale needs low > 0. Received: ${low}. Set \`off: 0\` if 0 switches it off.`;
export const logWithStep = (owner: string, step: number): string =>
  `${owner}: takes \`log\` or \`step\`, not both. Received step: ${step}. Leave one out.`;
export const stepMisfit = (owner: string, low: number, high: number, step: number): string => {
  const steps = Math.max(1, Math.floor((high - low) / step));
  return `${owner}: steps of ${step} from ${low} do not reach ${high}. Use ${+(low + steps * step).toPrecision(12)} as the upper bound, or another step.`;
};
export const spaceNone = (): string =>
  'readSpace: the config holds no space, so there is nothing to search. Put float(…), int(…), keepProb(…) or choice(…) in place of a value, or { "space": "keepProb", "low": 0.3, "high": 1 } in JSON.';
export const circular = (place: string): string =>
  `readSpace: the config is circular: the value at ${place} contains itself. A config must be a tree.`;
export const shareDiffers = (name: string, first: string, second: string): string =>
  `readSpace: "${name}" is one dimension for ${first} and ${second}, but their spaces differ. Give both the same kind, bounds, scale, step and values, or another \`share\`.`;
export const nameTaken = (name: string, first: string, second: string): string =>
  `readSpace: ${first} and ${second} are both called "${name}". Choose another \`share\`.`;
export const pointLacks = (name: string, expected: string, received: unknown): string =>
  `at: the point needs ${expected} for "${name}". Received: ${show(received)}. Does it belong to another space?`;
export const layerUnknown = (
  owner: string,
  name: string,
  nearest: string | undefined,
  known: readonly string[],
): string =>
  `${owner}: the model has no layer ${show(name)}.${nearest ? ` Did you mean ${show(nearest)}?` : ''} Layers: ${known.join(', ')}.`;
export const nothingToDrop = (owner: string): string =>
  `${owner}: there is no dropout in the model and no layer to put plain dropout after. Name the layers, or put dropout layers into the model.`;

export const noSuchFold = (fold: number, folds: number): string =>
  `there is no fold ${fold}; the folds are 0 to ${folds - 1}`;
export const notFinite = (metric: string, value: number): string =>
  `${metric} is ${value}: training diverged, or the trial gave no number. A smaller learning rate may help.`;
export const noTraining = (made: unknown): string =>
  `a trial returns { model, options } for \`fit\`, or the metric as a number; this one returned ${show(made)}.`;

export const blobDamaged = (folder: string, name: string): string =>
  `${folder}/${name} is missing or was changed: its name is the SHA-256 of its content. Remove it, and the search will write it again.`;
export const silent = (heartbeat: number): string => `it was silent for ${heartbeat} ms`;
export const refused = (reason: string): string =>
  `a process cannot use the trial: ${ended(reason)} Its module must import a backend, such as @tensorflow/tfjs-backend-cpu, and must not start a search itself.`;
export const diesAtOnce = (times: number, why: string): string =>
  `a process died ${times} times before it was ready, the last time by ${why}. Run the module of the trial alone to see why.`;
export const unitKills = (times: number, why: string): string =>
  `the process that computed it died ${times} times, the last time by ${why}; perhaps it lacked memory.`;
export const needsModule = (engine: string): string =>
  `the URL of a module whose default export is the trial, as in new URL('./trial.js', import.meta.url): the engine \`${engine}\` computes in other processes, to which a function cannot be sent`;

const another = 'Choose another folder, or remove this one.';
export const exists = (folder: string): string =>
  `${folder} already holds a search. Continue it with \`resume\`, or choose another folder.`;
export const notOurs = (path: string): string => `${path} is not a journal of @keepprob/search. ${another}`;
export const noJournal = (folder: string): string =>
  `${folder} holds no search: it has no journal.log. Pass the folder that was the \`store\` of a search.`;
export const notBegun = (path: string): string =>
  `${path} is empty: the search has not begun. Start it with \`resume\`.`;
export const journalDamaged = (path: string, line: number): string =>
  `${path} was changed or damaged: line ${line} is not a record of a search. To continue from there, cut the file before that line.`;
export const inUse = (folder: string): string =>
  `another search is writing to ${folder}. Wait until it ends, or choose another folder.`;
export const locked = (lock: string): string =>
  `another program has held ${lock} for more than 30 s. If that program is gone, remove the file, and continue with \`resume\`.`;
export const foreignWriter = (path: string): string =>
  `another program wrote to ${path} during the search. You may read it at any time, but write to it only after the search; continue with \`resume\`.`;
const plural = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export const moreFoldsThan = (owner: string, k: number, has: number, what: 'row' | 'group'): string =>
  `${owner}: option \`k\` is ${k}, and there ${has === 1 ? 'is' : 'are'} ${plural(has, what)}. Every fold needs one to validate on: ` +
  (has < 2 ? 'this cannot be split.' : `choose k from 2 to ${has}.`);
export const rareClass = (owner: string, k: number, label: number, has: number, what: 'row' | 'group'): string =>
  `${owner}: option \`k\` is ${k}, and the rarest class, ${label}, is in ${plural(has, what)}, so some fold would have none of it. ` +
  `${has < 2 ? 'Join' : `Choose k up to ${has}, join`} it with another class, or leave out \`stratify\`.`;
export const classOnOneSide = (owner: string, label: number): string =>
  `${owner}: class ${label} has a single row, which cannot be on both sides. Join it with another class, or leave out \`stratify\`.`;
export const noClasses = (owner: string): string =>
  `${owner}: option \`stratify\` needs the class of each row. Pass \`classes\`, or leave it out.`;
export const groupsLength = (owner: string, length: number, count: number): string =>
  `${owner}: option \`groups\` has ${plural(length, 'value')}, and there are ${plural(count, 'row')}. Pass the group of each row.`;
export const nothingBefore = (owner: string, rows: number, k: number, size: number, gap: number): string =>
  `${owner}: ${plural(rows, 'row')} in ${k} folds of ${plural(size, 'row')}${gap ? ` and a \`gap\` of ${gap}` : ''} leave nothing to train on before the first fold. ` +
  `Lower \`k\`${gap ? ' or `gap`' : ''}.`;
export const rowTwice = (row: number): string => `row ${row} twice`;
export const noTrial = (path: string | null, trial: number): string =>
  `${path ?? 'the journal'} mentions trial ${trial} before its beginning: it was changed. Start again in another folder.`;
export const overdue = (maxTime: number): string => `the maxTime of ${duration(maxTime)} is over`;
export const failing = (times: number, reason: string): string =>
  `${times} trials in a row failed for the same reason: ${ended(reason)} Correct the trial, or remove points that fail in this way from the space. If there is a journal, \`resume\` continues after them.`;
export const nothing = (trials: number): string =>
  `none of the ${trials} trials is complete, so there is nothing to choose from. Allow more \`trials\` or time, and find out why they failed.`;
export const different = (path: string, what: string, before: string, now: string): string =>
  `${path} belongs to another search, which differs in ${what}: ${cut(before)} there, ${cut(now)} here. Use the same, or choose another folder.`;
const cut = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
export const inOuterFold = (fold: number, message: string): string =>
  `the search within outer fold ${fold}: ${message}`;
export const trialNamed = (number: number): string => `trial ${number}`;
export const pointElsewhere = (path: string, trial: number): string =>
  `${path} was changed: trial ${trial} lies outside the space. Start again in another folder.`;

const DRIVERS: Readonly<Record<string, string>> = {
  postgres: 'pg',
  postgresql: 'pg',
  redis: 'ioredis',
  rediss: 'ioredis',
};
export const driverMissing = (kind: string): string =>
  `${kind}:// needs packages that are not installed: npm install bullmq ${DRIVERS[kind] ?? ''}`;
export const unreachable = (database: string, reason: string): string =>
  `${database} cannot be used: ${reason}. Check that it is running, that this machine may connect to it, and that user and password are right; PostgreSQL's user needs the right to create a schema.`;
export const disturbed = (database: string, reason: string): string =>
  `${database}: ${reason}. Trying again. Units that end before it answers may be computed again; nothing recorded is lost.`;
export const noWorkers = (database: string): string =>
  `no worker is connected to ${database}. Start some, on any machine: npx keepprob worker --db URL`;
export const notSent = (trial: string, reason: string): string =>
  `search: the module of the trial cannot be sent to other machines: ${trial}: ${reason}. Use a file that imports only TensorFlow.js, @keepprob packages and Node, or install esbuild (npm install esbuild), which bundles what it imports.`;
export const blobMissing = (database: string, sha256: string): string =>
  `${database} has no data with the SHA-256 ${sha256}, or the data are damaged.`;
export const unitLost = (times: number): string =>
  `the workers that computed it were lost ${times} times; perhaps they lacked memory.`;
export const otherVersion = (what: string, own: string, wanted: string): string =>
  `this worker has ${what} ${own}, and a search in the database has ${wanted}. Results of two versions cannot be compared. Install the same version on both, and start the worker again.`;
export const moduleMissing = (name: string): string =>
  `a search in the database needs the module "${name}", which this worker does not have. Start a worker that has it: \`npx keepprob worker\` for searches of the command line, or else one that has it among its \`modules\`.`;
