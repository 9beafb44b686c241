/** Writes the map of every package into docs/design.md, with links to the files; with --check sees that it is right. A room is a folder of `src`. */
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What each room is about; '' is the files beside the rooms: the doors of a package, and what all rooms share. */
const rooms = {
  core: {
    '': 'the doors, and the contract: every type that a plugin meets',
    catalogue: 'what an entry of a catalogue tells about a technique',
    plugin: 'training plugins: `definePlugin`, `chain`, `masked`, and how the hooks of a list become the hooks of one',
    layer: 'layer plugins and wrappers, and how a layer learns which step it is called in',
    noise: 'what layers say about their noise, and what TF.js’ own layers would say',
    options: 'the kinds of option and one way to check them; schedules; errors and messages',
    random: 'Philox, masks and noise by index; dropout with its backward pass; which random stream belongs to whom',
    model: 'one walk over a model: the identity of every weight, call, input and output; what each weight is',
    optimizer: 'settings, updates and state of TF.js’ optimizers',
    run: 'one training run: J and its gradients, the update, swapped weights',
    schedules: 'the functions that make schedules',
    stock: 'plugins in stock `model.fit`: its runs, callback and data',
    loop: 'plugins in a loop written by hand',
  },
  dropout: {
    '': 'the doors',
    layers: 'dropout and noise on activations, one technique a file: pure function first, layer second',
    'layers/catalogue': 'their entries, by what they do',
    recurrent: 'one mask over time, in cells',
    wrappers: 'dropping weights',
    training: 'what acts on the loss',
    options: 'keepProb or rate, seeds, the shape of a mask, schedules of keepProb',
    model: 'dropout in a model that exists: insert, set, switch off',
    uncertainty: 'Monte-Carlo dropout',
    saved: 'Keras’ names and configs',
  },
  l2: {
    '': 'the doors',
    penalties: 'terms of J, and weight decay',
    constraints: 'what weights must satisfy after each update',
    wrappers: 'layers that compute with a normalized kernel',
    saved: 'Keras’ regularizers',
  },
  l1: { '': 'L1 and its relatives, one technique a file' },
  augment: {
    '': 'the doors; which inputs are images, and the random numbers of their rows',
    mixing: 'two examples become one',
    labels: 'labels alone',
    erasing: 'rectangles that are blanked',
    warps: 'pixels that move',
    colors: 'pixels that change',
    noise: 'noise on inputs',
    combinators: 'plugins around plugins: one of several, sometimes, for some epochs',
  },
  averaging: { '': 'averages of weights, and batch norm measured again for them' },
  gradients: { '': 'what happens to gradients between J and the optimizer, one technique a file' },
  schedules: { '': 'learning rate and momentum over time' },
  stopping: { '': 'when to stop, and which weights to keep' },
  trainer: {
    '': 'the doors and the options of `fit`',
    loop: '`fit` itself: the session that it opens, the loop, one update, reasons to stop',
    data: 'what it trains on: arrays and streams, their order, what is refused',
    objective: 'the data loss, metrics, and both curves with dropout off',
    checkpoint: 'one self-checking file, what is in it, which ones are kept',
    'checkpoint/identity': 'what a run is, and whether a checkpoint belongs to it',
    'checkpoint/stores': 'where checkpoints are kept',
    listeners: 'who is told: progress, JSON lines, CSV, TensorBoard',
    worker: 'training off the main thread, and several workers that share every batch',
  },
  lens: {
    '': 'the door',
    cost: 'is J what it should be?',
    gradients: 'are its gradients right, and if not, whose fault is it?',
    diagnose: 'bias or variance, and whether dropout helps',
    effectiveL2: 'dropout as an adaptive L2: theory beside samples',
    weights: 'how weights spread, and one model against another',
    mask: 'the thinned network of a step',
    suggest: 'keepProbs from the sizes of weight matrices',
    learningRate: 'a learning rate to begin with',
    report: 'every question on one page',
    'report/sections': 'one section a file',
    statistics: 'means with their errors, differences in pairs',
    model: 'looking at a model without changing it',
    finding: 'numbers, words and pictures of an answer',
  },
  kernels: {
    '': 'the doors',
    gpu: 'what WebGL and WebGPU share',
    gradients: 'closed forms of gradients for every backend, one family a file',
    wasm: 'what is registered, with the stock kernel as the way out',
    'wasm/backend': 'the seams with TF.js’ WASM backend: memory, threads',
    'wasm/kernels': 'one family of kernels a file',
    'wasm/kernels/convolution': 'convolution of images and volumes, with its gradients',
    webgl: 'dropout in a fragment shader',
    webgpu: 'dropout in a compute shader',
  },
  testing: { '': 'the conformance kit', laws: 'one kind of law a file' },
  cli: {
    '': 'the program and the type of its config',
    commands: 'one command a file',
    config: 'from a config to model, plugins and options',
    data: 'from files to arrays',
    doctor: 'the report of a saved model',
    run: 'a run and its folder',
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
  return [`### ${name}`, '', '| room | thought | files |', '|---|---|---|', ...rows].join('\n');
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
