/** Writes the map of every package into docs/design.md, with links to the files; with --check compares them. A room is a folder of `src`. */
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each room is about; '' is the files outside of the rooms: the doors of a package, and what all rooms share. */
const rooms = {
  core: {
    '': 'the doors, and the contract: every type that a plugin works with',
    catalogue: 'what a catalogue entry says about a technique',
    plugin: 'training plugins: `definePlugin`, `chain`, `masked`, and how the hooks of a list are combined',
    layer: 'layer plugins and wrappers, and how a layer knows the step in which it is called',
    noise: 'how layers describe their noise, and descriptions of TF.js’ own layers',
    options: 'the kinds of options and how they are checked; schedules; errors and messages',
    random: 'Philox, masks and noise by index; dropout with its backward pass; who owns which random stream',
    model: 'one walk over a model: the identity of every weight, call, input and output; the role of each weight',
    optimizer: 'settings, updates and state of TF.js’ optimizers',
    run: 'one training run: J and its gradients, the update, swapped weights',
    schedules: 'the functions that make schedules',
    stock: 'plugins in stock `model.fit`: runs, callback and data',
    sums: 'sums over weights, by one kernel where there is one: penalties with their gradients, norms of units',
    loop: 'plugins in a hand-written loop',
  },
  dropout: {
    '': 'the doors',
    layers: 'dropout and noise on activations, one technique per file: the pure function first, then the layer',
    'layers/catalogue': 'their catalogue entries, by what they do',
    recurrent: 'one mask over time, in cells',
    wrappers: 'dropout of weights',
    training: 'techniques that act on the loss',
    options: 'keepProb or rate, seeds, mask shapes, schedules of keepProb',
    model: 'dropout in an existing model: insert it, set it, switch it off',
    uncertainty: 'Monte-Carlo dropout',
    saved: 'Keras’ names and configs',
  },
  l2: {
    '': 'the doors',
    penalties: 'penalty terms of J, and weight decay',
    constraints: 'conditions that weights satisfy after each update',
    wrappers: 'layers that compute with a normalized kernel',
    saved: 'Keras’ regularizers',
  },
  l1: { '': 'L1 and its relatives, one technique per file' },
  augment: {
    '': 'the doors; which inputs are images, and the random numbers of their rows',
    mixing: 'two examples become one',
    labels: 'changes to labels alone',
    erasing: 'rectangles that are erased',
    warps: 'geometry: pixels move',
    colors: 'colors: pixel values change',
    noise: 'noise on inputs',
    combinators: 'plugins around plugins: one of several, with a probability, or for some epochs',
  },
  averaging: { '': 'averages of weights, and new batch-norm statistics for them' },
  gradients: { '': 'what happens to gradients between J and the optimizer, one technique per file' },
  schedules: { '': 'learning rate and momentum over time' },
  stopping: { '': 'when to stop, and which weights to keep' },
  trainer: {
    '': 'the doors and the options of `fit`',
    loop: '`fit` itself: the session it opens, the loop, one update, reasons to stop',
    data: 'training data: arrays and streams, their order, what is refused',
    objective: 'the data loss, metrics, and both curves with dropout off',
    checkpoint: 'one self-checking file, what it contains, which ones are kept',
    'checkpoint/identity': 'what identifies a run, and whether a checkpoint belongs to it',
    'checkpoint/stores': 'where checkpoints are kept',
    listeners: 'output: progress, JSON lines, CSV, TensorBoard',
    saved: 'saved models: loaded with what was done to their data, which is done to other rows',
    'saved/node': 'models in files',
    table: 'from a row of a table to the numbers that a model takes',
    worker: 'training off the main thread, and several workers that share every batch',
  },
  lens: {
    '': 'the door',
    cost: 'is J what it should be?',
    gradients: 'are its gradients right, and if not, whose fault is it?',
    diagnose: 'bias or variance, and whether dropout helps',
    effectiveL2: 'dropout as an adaptive L2: theory next to samples',
    weights: 'how weights are spread, and two models compared',
    mask: 'the thinned network of one step',
    suggest: 'keepProbs from the sizes of weight matrices',
    learningRate: 'a learning rate to start with',
    report: 'every question on one page',
    'report/sections': 'one section per file',
    statistics: 'means with standard errors, paired differences',
    model: 'looking at a model without changing it',
    finding: 'numbers, words and pictures of an answer',
  },
  search: {
    '': 'the doors, and the contract between sampler, study, engine and pruner',
    space: 'what is searched: values in a config, as dimensions, and back',
    splits: 'rows into folds',
    samplers: 'where to look next',
    'samplers/tpe': 'densities of good and bad trials',
    'samplers/sobol': 'low-discrepancy points: directions, and how they are scrambled',
    pruners: 'when a trial cannot win',
    statistics: 'what units, in pairs, can be relied on for',
    choice: 'the end of a search: confirm, choose, judge',
    study: '`search` itself: asks, tells, writes the journal',
    'study/found': 'what it comes to, in numbers and in words',
    data: 'the rows as typed arrays',
    engines: 'where units are computed',
    queue: 'units on other machines: what the search and its workers say through a database',
    'queue/databases': 'PostgreSQL and Redis: a queue, and blobs by their SHA-256',
    journal: 'what was done, entry by entry: in memory, or in a file that Optuna reads',
    importance: 'which dimensions mattered',
    report: 'the answer on one page, from what was found or from a journal',
    'report/sections': 'one question a file',
    'report/panels': 'one picture a file, and what they share: scales, ranges, groups of trials',
  },
  convert: {
    '': 'the doors',
    layers: 'layers of Keras that TensorFlow.js does not have',
    load: 'files of Keras: unpacked, read, translated, built, filled; nothing in them is believed',
    network: 'what the exports know of a model: settings, weights, penalties, constraints',
    python: 'names and values as Python writes them',
    keras: 'a model as a script of Keras',
    torch: 'a model as a script of PyTorch: layouts, weights, one class per model',
    'torch/layers': 'how each layer is called there',
    safetensors: 'the format of weights',
  },
  kernels: {
    '': 'the doors',
    gpu: 'what WebGL and WebGPU share',
    gradients: 'closed forms of gradients for every backend, one family per file',
    wasm: 'what is registered, with the stock kernel as the fallback',
    'wasm/backend': 'the seams with TF.js’ WASM backend: memory, threads',
    'wasm/kernels': 'one family of kernels per file',
    'wasm/kernels/convolution': 'convolution of images and volumes, with its gradients',
    'wasm/kernels/recurrent': 'recurrent layers over a sequence, with their gradients',
    'wasm/losses': 'losses that models look up by name, as one operation',
    'wasm/recurrent':
      'where the layers of TF.js run their cells: the sequence as one operation, with stock as the fallback',
    webgl: 'dropout in a fragment shader',
    webgpu: 'dropout in a compute shader',
  },
  'create-plugin': {
    '': 'the command, and what it is called by',
    templates: 'what is written, a kind of plugin per file',
  },
  testing: { '': 'the conformance kit', laws: 'one kind of law per file' },
  cli: {
    '': 'the program and the type of its config',
    commands: 'one command per file',
    config: 'a config and where it comes from',
    'config/make': 'from names in a config to layers, plugins, optimizers and a model',
    'config/schema': 'what a config may hold, and what an error says of it',
    convert: 'models from Keras, and for Python',
    data: 'from files to arrays: read, split, scaled',
    doctor: 'the report of a saved model',
    evaluate: 'how good a model is: scores with intervals, confusions, calibration',
    init: 'a config for a table: what its columns hold, and what is assumed',
    page: 'the files for pages without a bundler, and which TensorFlow.js they take',
    predict: 'predictions for a table of any length',
    run: 'a run and its folder',
    search: 'a search: spaces in a config, checked whole; what is shown, and what it leaves',
    table: 'tables as text, and what is measured on their training rows',
  },
};

/** The folders of a package's `src` that have files, with the names of these. */
function foldersOf(name, folder = '') {
  const entries = readdirSync(join(root, 'packages', name, 'src', folder), { withFileTypes: true });
  const files = entries.filter(e => e.isFile() && e.name.endsWith('.ts') && e.name !== 'binary.ts').map(e => e.name);
  const inner = entries.filter(e => e.isDirectory()).flatMap(e => foldersOf(name, join(folder, e.name)));
  return [...(files.length ? [{ folder, files }] : []), ...inner];
}

function tableOf(name, thoughts) {
  const rows = foldersOf(name).map(({ folder, files }) => {
    const thought = thoughts[folder];
    if (thought === undefined)
      throw new Error(`scripts/map.mjs does not say what packages/${name}/src/${folder} is about.`);
    const path = ['..', 'packages', name, 'src', folder].filter(Boolean).join('/');
    const links = files.map(file => `[${file.replace(/\.ts$/, '')}](${path}/${file})`).join(' · ');
    return `| ${folder ? `\`${folder}/\`` : ''} | ${thought} | ${links} |`;
  });
  return [`### ${name}`, '', '| folder | topic | files |', '|---|---|---|', ...rows].join('\n');
}

const map = Object.entries(rooms)
  .map(([name, thoughts]) => tableOf(name, thoughts))
  .join('\n\n');
const missing = readdirSync(join(root, 'packages')).filter(name => !(name in rooms));
if (missing.length) throw new Error(`scripts/map.mjs does not know the packages ${missing.join(', ')}.`);

const file = join(root, 'docs/design.md');
const design = await readFile(file, 'utf8');
const updated = design.replace(/<!-- map -->[\s\S]*<!-- \/map -->/, () => `<!-- map -->\n${map}\n<!-- /map -->`);
if (!process.argv.includes('--check')) await writeFile(file, updated);
else if (updated !== design) {
  console.error('The map in docs/design.md is not that of the packages. Run `node scripts/map.mjs`.');
  process.exitCode = 1;
}
