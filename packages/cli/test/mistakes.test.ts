/** What a person gets wrong on the way from a table to predictions, and the sentence that each gets. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newProject, type Project } from './support/program.ts';

const rows = (n: number, row: (i: number) => string): string => Array.from({ length: n }, (_, i) => row(i)).join('\n');
const wave = (i: number, k: number): string => Math.sin(12.9898 * i + 78.233 * k).toFixed(3);
const words = ['red', 'green', 'blue'];
const good = `a,b,colour,kind\n${rows(30, i => [wave(i, 1), wave(i, 2), words[i % 3], i % 2 ? 'yes' : 'no'].join())}`;

const config = {
  model: [
    { layer: 'dense', units: 4, activation: 'relu' },
    { layer: 'dropout', keepProb: 0.8 },
    { layer: 'dense', units: 2, activation: 'softmax' },
  ],
  data: {
    train: { csv: 'good.csv' },
    validation: 0.2,
    label: 'kind',
    classes: ['no', 'yes'],
    types: { colour: 'oneHot' },
    scale: 'standardize',
  },
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
  optimizer: 'adam',
  epochs: 1,
  batchSize: 8,
  seed: 7,
};

let project: Project;
beforeAll(async () => {
  project = await newProject();
  await project.write('good.csv', good);
  await project.write('good.json', config);
  expect((await project.run('train', 'good.json', '--backend', 'cpu', '--progress', 'none')).code).toBe(0);
});
afterAll(() => project.remove());

const message = async (...args: string[]): Promise<string> => {
  const before = await readdir(project.folder, { recursive: true });
  const { code, err, out } = await project.run(...args);
  expect(err).not.toMatch(/\n\s+at /);
  expect(out).not.toMatch(/^prediction/m);
  expect(code).toBe(2);
  expect(await readdir(project.folder, { recursive: true })).toEqual(before);
  return err.trim();
};

const train = async (changed: object): Promise<string> => {
  await project.write('bad.json', { ...config, ...changed });
  return message('train', 'bad.json', '--backend', 'cpu', '--progress', 'none');
};
const dataOf = (change: object): object => ({ data: { ...config.data, ...change } });
const ofTable = async (text: string | Uint8Array, change: object = {}): Promise<string> => {
  await project.write('bad.csv', text);
  return train(dataOf({ train: { csv: 'bad.csv' }, ...change }));
};
const layers = (...model: object[]): object => ({ model });
const last = config.model[2] ?? {};

type Mistake = readonly [what: string, tried: () => Promise<string>, sentence: string];

const tables: readonly Mistake[] = [
  ['a table that is not there', () => train(dataOf({ train: { csv: 'god.csv' } })), 'god.csv: no such file.'],
  [
    'a workbook',
    () => ofTable(Buffer.from('PK\x03\x04')),
    'bad.csv: expected a table as text in UTF-8 (CSV). Received: a zip archive, as Excel workbooks are: save the sheet as CSV.',
  ],
  [
    'UTF-16',
    () => ofTable(Buffer.from(`\uFEFF${good}`, 'utf16le')),
    'bad.csv: expected a table as text in UTF-8 (CSV). Received: text in UTF-16: save it as UTF-8.',
  ],
  [
    'semicolons',
    () => ofTable(good.replaceAll(',', ';')),
    'bad.csv, line 1: expected columns with "," between them; say "separator": ";". Received: "a;b;colour;kind".',
  ],
  [
    'tabs',
    () => ofTable(good.replaceAll(',', '\t')),
    'bad.csv, line 1: expected columns with "," between them; say "separator": "\\t". Received: "a\\tb\\tcolour\\tkind".',
  ],
  [
    'another separator than is said',
    () => ofTable(good, { separator: ';' }),
    'bad.csv, line 1: expected columns with ";" between them; say "separator": ",". Received: "a,b,colour,kind".',
  ],
  [
    'a column of row numbers from pandas',
    () => ofTable(good.replaceAll('\n', '\n1,').replace('a,b', ',a,b')),
    'bad.csv, line 1: expected a name for each column, each one once. Received: a column without a name (pandas: to_csv(path, index=False)).',
  ],
  [
    'a name twice',
    () => ofTable(good.replace('a,b', 'a,a')),
    'bad.csv, line 1: expected a name for each column, each one once. Received: "a" twice.',
  ],
  [
    'a short row',
    () => ofTable(`${good}\n1,2`),
    'bad.csv, line 32: expected 4 fields, as the header has. Received: 2.',
  ],
  [
    'a comma in a field without quotes',
    () => ofTable(`${good}\n1,2,red, dark,no`),
    'bad.csv, line 32: expected 4 fields, as the header has. Received: 5.',
  ],
  [
    'an open quote',
    () => ofTable(`${good}\n1,2,"red,no`),
    'bad.csv, line 32: expected quotes around whole fields, doubled inside. Received: "\\"red,no".',
  ],
  [
    'a missing number',
    () => ofTable(`${good}\n,2,red,no`),
    'bad.csv, line 32, column "a": expected a number; say what stands for missing ones: "impute": { "a": "median" }. Received: an empty field.',
  ],
  [
    'a missing word',
    () => ofTable(`${good}\n1,2,,no`),
    'bad.csv, line 32, column "colour": expected a word; say what stands for missing ones: "impute": { "colour": "mode" }. Received: an empty field.',
  ],
  [
    'a missing label',
    () => ofTable(`${good}\n1,2,red,`),
    'bad.csv, line 32, column "kind": expected one of the classes no, yes; to leave out rows without a label say "impute": { "kind": "drop" }. Received: an empty field.',
  ],
  [
    'NA',
    () => ofTable(`${good}\nNA,2,red,no`),
    'bad.csv, line 32, column "a": expected a number; say what stands for missing ones: "impute": { "a": "median" }. Received: "NA".',
  ],
  [
    'a decimal comma',
    () => ofTable(`${good}\n"1,5",2,red,no`),
    'bad.csv, line 32, column "a": expected a number with a decimal point, not a comma. Received: "1,5".',
  ],
  [
    'commas between digits',
    () => ofTable(`${good}\n"1,500,000",2,red,no`),
    'bad.csv, line 32, column "a": expected a number without commas between its digits. Received: "1,500,000".',
  ],
  [
    'money',
    () => ofTable(`${good}\n$15,2,red,no`),
    'bad.csv, line 32, column "a": expected a number without a sign of percent or money. Received: "$15".',
  ],
  [
    'a percentage',
    () => ofTable(`${good}\n15%,2,red,no`),
    'bad.csv, line 32, column "a": expected a number without a sign of percent or money. Received: "15%".',
  ],
  [
    'a date',
    () => ofTable(`${good}\n2026-11-30,2,red,no`),
    'bad.csv, line 32, column "a": expected a number, not a date; write it as numbers (a year, days since some day), or leave it out of `data.columns`. Received: "2026-11-30".',
  ],
  [
    'words without a type',
    () => train(dataOf({ types: {} })),
    'good.csv, line 2, column "colour": expected a number; for text say "types": { "colour": "oneHot" }, or leave the column out of `data.columns`. Received: "red".',
  ],
  ['no rows', () => ofTable('a,b,colour,kind\n'), 'bad.csv: expected rows under the header. Received: none.'],
  [
    'an empty file',
    () => ofTable(''),
    'bad.csv: expected a table whose first row names the columns. Received: an empty file.',
  ],
];

const data: readonly Mistake[] = [
  [
    'no label',
    () => train(dataOf({ label: undefined })),
    'bad.json: invalid value for option `data.label`. Expected the column to predict. Received: undefined.',
  ],
  [
    'a label that is misspelt',
    () => train(dataOf({ label: 'kin' })),
    'good.csv: expected a column "kin". Received: a, b, colour, kind. Did you mean "kind"?',
  ],
  [
    'a column that is misspelt',
    () => train(dataOf({ columns: ['a', 'color'], types: {} })),
    'good.csv: expected a column "color". Received: a, b, colour, kind. Did you mean "colour"?',
  ],
  [
    'a type of a column that is misspelt',
    () => train(dataOf({ types: { color: 'oneHot' } })),
    'bad.json: unknown option `data.types.color`. Did you mean `data.types.colour`? Known: a, b, colour.',
  ],
  [
    'a type that there is not',
    () => train(dataOf({ types: { colour: 'category' } })),
    'bad.json: invalid value for option `data.types.colour`. Expected "number", "oneHot", or { "hash": an integer from 1 to 65536 }. Received: "category".',
  ],
  [
    'a way to impute that there is not',
    () => train(dataOf({ impute: 'mean' })),
    'bad.json: invalid value for option `data.impute`. Expected "median", "mode", "indicator" or "drop", or an object of these by column. Received: "mean".',
  ],
  [
    'a median of words',
    () => train(dataOf({ impute: { colour: 'median' } })),
    'bad.json: invalid value for option `data.impute.colour`. Expected "mode", "indicator" or "drop" for words. Received: "median".',
  ],
  [
    'a class that is misspelt',
    () => train(dataOf({ classes: ['no', 'yess'] })),
    'good.csv, line 3, column "kind": expected one of the classes no, yess. Received: "yes", which may be yess.',
  ],
  [
    'no classes for words',
    () => train(dataOf({ classes: undefined })),
    'good.csv, line 2, column "kind": expected a number; name the values of labels as `data.classes`. Received: "no".',
  ],
  [
    'one class',
    () => train(dataOf({ classes: ['no'] })),
    'bad.json: invalid value for option `data.classes`. Expected an integer ≥ 2, or the names of at least two classes. Received: ["no"].',
  ],
  [
    'validation as a percentage',
    () => train(dataOf({ validation: 20 })),
    'bad.json: invalid value for option `data.validation`. Expected a share > 0 and < 1, such as 0.2. Received: 20.',
  ],
  [
    'too small a share',
    () =>
      train({
        ...dataOf({ validation: 0.001, classes: undefined, label: 'a', columns: ['b'], types: {} }),
        model: [{ layer: 'dense', units: 1 }],
        loss: 'meanSquaredError',
      }),
    'data.validation: expected a share that leaves rows on both sides. Received: 0 of 30 rows for validation.',
  ],
  [
    'a scale that there is not',
    () => train(dataOf({ scale: 'minmax' })),
    'bad.json: invalid value for option `data.scale`. Expected "standardize", "unit", or { "divideBy": a number other than 0 }. Received: "minmax".',
  ],
  [
    'a scale of classes',
    () => train(dataOf({ scaleLabel: 'standardize' })),
    'bad.json: invalid value for option `data.scaleLabel`. Expected nothing, as `classes` are no numbers to scale. Received: "standardize".',
  ],
  [
    'types of arrays',
    () => train(dataOf({ train: { x: 'x.npy', y: 'y.npy' }, label: undefined, classes: 2 })),
    'bad.json: invalid value for option `data.types`. Expected nothing, as it is for tables ("csv"). Received: {"colour":"oneHot"}.',
  ],
];

const configs: readonly Mistake[] = [
  [
    'a loss that is misspelt',
    () => train({ loss: 'categoricalCrossEntropy' }),
    'bad.json: option `loss`: TF.js knows no loss "categoricalCrossEntropy". Did you mean "categoricalCrossentropy"? Known: meanSquaredError, meanAbsoluteError,',
  ],
  [
    'the loss of Keras',
    () => train({ loss: 'categorical_crossentropy' }),
    'bad.json: option `loss`: TF.js knows no loss "categorical_crossentropy". Did you mean "categoricalCrossentropy"? Known: meanSquaredError, meanAbsoluteError,',
  ],
  [
    'a metric that there is not',
    () => train({ metrics: ['f1'] }),
    'bad.json: option `metrics`: TF.js knows no metrics "f1". Known: accuracy, acc,',
  ],
  [
    'an optimizer that is misspelt',
    () => train({ optimizer: 'adams' }),
    'bad.json: optimizer: there is no optimizer "adams". Did you mean "adam"? Known: sgd, momentum, adam, amsgrad, adamax, adadelta, adagrad, rmsprop.',
  ],
  [
    'a setting of an optimizer',
    () => train({ optimizer: { name: 'adam', lr: 0.1 } }),
    'bad.json: optimizer: adam: unknown option `lr`. Known: learningRate, beta1, beta2, epsilon.',
  ],
  [
    'an activation that is misspelt',
    () => train(layers({ layer: 'dense', units: 4, activation: 'rellu' }, last)),
    'bad.json: model[0]: dense: there is no activation "rellu". Did you mean "relu"? Known: elu, gelu,',
  ],
  [
    'an initializer of Keras',
    () => train(layers({ layer: 'dense', units: 4, kernelInitializer: 'he_normal' }, last)),
    'bad.json: model[0]: dense: there is no initializer "he_normal". Did you mean "heNormal"? Known: glorotNormal, glorotUniform,',
  ],
  [
    'a layer that is misspelt',
    () => train(layers({ layer: 'Dense', units: 4 }, last)),
    'bad.json: model[0]: there is no layer "Dense". Did you mean "dense"? Known: activation, averagePooling1d,',
  ],
  [
    'an option of a layer that is misspelt',
    () => train(layers({ layer: 'dense', unit: 4 }, last)),
    'bad.json: model[0]: dense: unknown option `unit`. Did you mean `units`? Known: units, inputDim,',
  ],
  [
    'keep_prob as in Python',
    () => train(layers({ layer: 'dropout', keep_prob: 0.5 }, last)),
    'bad.json: model[0]: dropout: unknown option `keep_prob`. Did you mean `keepProb`? Known: keepProb, seed, noiseShape.',
  ],
  [
    'units for classes',
    () => train(layers({ layer: 'dense', units: 3, activation: 'softmax' })),
    'bad.json: model: expected a last layer of 2 units, one for each of data.classes (no, yes). Received: 3 units, 2 classes.',
  ],
  [
    'one unit for two classes',
    () => train(layers({ layer: 'dense', units: 1, activation: 'sigmoid' })),
    'bad.json: model: expected a last layer of 2 units, one for each of data.classes (no, yes). Received: 1 unit, 2 classes.',
  ],
  [
    'sparse labels',
    () => train({ loss: 'sparseCategoricalCrossentropy' }),
    `": expected shape [rows,1] (one-hot labels go with the loss 'categoricalCrossentropy'). Received: [24,2].`,
  ],
  [
    'a plugin that is misspelt',
    () => train({ plugins: [{ plugin: 'earlystopping' }] }),
    'bad.json: plugins[0]: there is no plugin "earlystopping". Did you mean "earlyStopping"? Known: chain, labelSmoothing,',
  ],
  [
    'a plugin as a word',
    () => train({ plugins: ['l2'] }),
    'bad.json: invalid value for option `plugins[0]`. Expected { "plugin": name, … }. Received: "l2".',
  ],
  [
    'a monitor that there is not',
    () => train({ plugins: [{ plugin: 'earlyStopping', monitor: 'valF1', mode: 'max' }] }),
    'bad.json: earlyStopping: invalid value for option `monitor`. Expected one of the logs of this run (loss, accuracy, penalty, cost, cleanLoss, cleanAccuracy, valLoss, valAccuracy, valPenalty, valCost). Received: "valF1".',
  ],
  [
    'a monitor without validation',
    () => train({ ...dataOf({ validation: undefined }), plugins: [{ plugin: 'earlyStopping' }] }),
    'bad.json: earlyStopping: invalid value for option `monitor`. Expected one of the logs of this run (loss, accuracy, penalty, cost, cleanLoss, cleanAccuracy). Received: "valLoss". Logs that begin with "val" need validation data:',
  ],
  [
    'a best log without validation',
    () => train({ ...dataOf({ validation: undefined }), checkpoint: { best: 'valLoss' } }),
    'bad.json: checkpoint: invalid value for option `best`. Expected one of the logs of this run (loss, accuracy, penalty, cost, cleanLoss, cleanAccuracy). Received: "valLoss". Logs that begin with "val" need validation data: give the',
  ],
  [
    'a class weight of no class',
    () => train({ classWeight: { maybe: 2 } }),
    'bad.json: unknown option `classWeight.maybe`. Known: no, yes.',
  ],
  [
    'a class weight by number beyond the last',
    () => train({ classWeight: { 2: 2 } }),
    'bad.json: unknown option `classWeight.2`. Known: no, yes.',
  ],
  [
    'epochs as text',
    () => train({ epochs: '10' }),
    'bad.json: invalid value for option `epochs`. Expected an integer ≥ 1. Received: "10".',
  ],
  [
    'a key that is misspelt',
    () => train({ batchsize: 8 }),
    'bad.json: unknown option `batchsize`. Did you mean `batchSize`? Known: model, data,',
  ],
  [
    'a key that is misspelt, for a folder with a run',
    async () => {
      await project.write('bad.json', { ...config, batchsize: 8 });
      return message('train', 'bad.json', '--out', 'runs/good', ...cpu);
    },
    'bad.json: unknown option `batchsize`. Did you mean `batchSize`? Known: model, data,',
  ],
  ['no loss', () => train({ loss: undefined }), 'bad.json: option `loss` is missing. Expected the name of a loss.'],
  [
    'a comma too many',
    async () => {
      await project.write('bad.json', '{ "epochs": 3, }');
      return message('train', 'bad.json');
    },
    'bad.json: this is not JSON: ',
  ],
  [
    'the table in place of the config',
    () => message('train', 'table.csv'),
    'table.csv: expected a config that ends in one of .json, .ts, .mts, .js, .mjs. For a table `npx keepprob init table.csv` writes one.',
  ],
];

const model = 'runs/good/model.json';
const cpu = ['--backend', 'cpu'];
const commands: readonly Mistake[] = [
  ['init of no file', () => message('init', 'none.csv'), 'none.csv: no such file.'],
  [
    'init over a config',
    () => message('init', 'good.csv'),
    'good.json already exists. Replace it with --force, or choose another name with --out.',
  ],
  [
    'init of a config',
    () => message('init', 'good.json'),
    'good.json: expected a table (CSV). If it is a config, `npx keepprob train good.json` trains it.',
  ],
  ['init of a folder', () => message('init', '.'), '.: expected a table. Received: a folder.'],
  [
    'init of a label that is misspelt',
    () => message('init', 'good.csv', '--label', 'kid', '--out', 'n.json'),
    'init: there is no column "kid". Did you mean "kind"? Known: a, b, colour, kind.',
  ],
  [
    'init without names of columns',
    async () => {
      await project.write('bad.csv', '1,2,3\n4,5,6');
      return message('init', 'bad.csv', '--out', 'n.json');
    },
    'bad.csv, line 1: expected the names of columns; put a row with names on top. Received: 1, 2, 3.',
  ],
  [
    'init to predict names',
    async () => {
      await project.write('bad.csv', `name,a\n${rows(20, i => `n${i},${i}`)}`);
      return message('init', 'bad.csv', '--label', 'name', '--out', 'n.json');
    },
    'bad.csv, column "name": expected 2 … 100 classes to predict, or numbers; --label names another column. Received: 20 different words in 20 rows.',
  ],
  [
    'init of words as numbers',
    () => message('init', 'good.csv', '--label', 'kind', '--task', 'numbers', '--out', 'n.json'),
    'good.csv, column "kind": expected numbers to predict; for words say --task classes. Received: no, yes.',
  ],
  [
    'init of decimal commas',
    async () => {
      await project.write('bad.csv', `hours;kind\n${rows(20, i => `${i},5;${i % 2 ? 'yes' : 'no'}`)}`);
      return message('init', 'bad.csv', '--out', 'n.json');
    },
    'bad.csv, column "hours": expected numbers with a decimal point (export the table with points, or replace the commas). Received: numbers with a comma, such as 0,5.',
  ],
  [
    'init of one column',
    async () => {
      await project.write('bad.csv', 'a\n1\n2');
      return message('init', 'bad.csv', '--out', 'n.json');
    },
    'bad.csv: expected at least two columns, of which one is to be predicted. Received: a.',
  ],
  [
    'evaluate without rows',
    () => message('evaluate', model, ...cpu),
    'runs/good/model.json: say which rows: --config with the config that it was trained from, for its validation rows, or --data with other rows that have labels.',
  ],
  [
    'evaluate a table',
    () => message('evaluate', 'good.csv', '--data', 'good.csv', ...cpu),
    'good.csv: expected a model: the folder of a run, or its model.json. Received: a table.',
  ],
  [
    'predict by the config',
    () => message('predict', 'good.json', 'good.csv', ...cpu),
    'good.json: expected a model. Received: a config. `npx keepprob train good.json` trains one from it,',
  ],
  [
    'doctor of the config',
    () => message('doctor', 'good.json', '--progress', 'none', ...cpu),
    'good.json: expected a model. Received: a config.',
  ],
  [
    'predict for a table that is not there',
    () => message('predict', model, 'god.csv', ...cpu),
    'god.csv: no such file.',
  ],
  [
    'predict for a table with tabs',
    async () => {
      await project.write('bad.csv', good.replaceAll(',', '\t'));
      return message('predict', model, 'bad.csv', ...cpu);
    },
    'bad.csv, line 1: expected columns with "," between them; say --separator "\\t". Received: "a\\tb\\tcolour\\tkind".',
  ],
  [
    'import of a table',
    () => message('import', 'good.csv', '--out', 'imported'),
    'good.csv: expected a .keras file (a zip archive) or a .h5 file (HDF5) of Keras.',
  ],
  [
    'evaluate rows without the label',
    async () => {
      await project.write('bad.csv', 'a,b,colour\n1,2,red');
      return message('evaluate', model, '--data', 'bad.csv', ...cpu);
    },
    'bad.csv: expected a column "kind". Received: a, b, colour.',
  ],
  [
    'predict without a column',
    async () => {
      await project.write('bad.csv', 'a,color,b\n1,red,2');
      return message('predict', model, 'bad.csv', ...cpu);
    },
    'bad.csv: expected a column "colour". Received: a, color, b. Did you mean "color"?',
  ],
  [
    'predict onto the table',
    () => message('predict', model, 'good.csv', '--out', 'good.csv', '--force', ...cpu),
    'predict: invalid value for option `--out`. Expected another file than the table. Received: "good.csv".',
  ],
  [
    'predict over a file',
    () => message('predict', model, 'good.csv', '--out', 'good.json', ...cpu),
    'good.json already exists. Replace it with --force, or choose another name with --out.',
  ],
  [
    'predict of a model without a run',
    async () => {
      for (const name of ['model.json', 'weights.bin'])
        await project.write(name, await project.read(`runs/good/${name}`));
      return message('predict', 'model.json', 'good.csv', ...cpu);
    },
    'model.json: there is no preprocessing.json next to it, which says what columns and scaling it was trained with. `keepprob train` writes both files.',
  ],
  [
    'one pass',
    () => message('predict', model, 'good.csv', '--passes', '1', ...cpu),
    "error: option '--passes <n>' argument '1' is invalid. Expected an integer ≥ 2.",
  ],
  [
    'keep a column that there is not',
    () => message('predict', model, 'good.csv', '--keep', 'id', ...cpu),
    'good.csv: expected a column "id". Received: a, b, colour, kind.',
  ],
];

describe.each([
  ['a table', tables],
  ['its description', data],
  ['the rest of a config', configs],
  ['a command', commands],
] as const)('in %s:', (_, mistakes) => {
  test.each(mistakes)('%s', async (_what, tried, sentence) => expect(await tried()).toContain(sentence));
});
