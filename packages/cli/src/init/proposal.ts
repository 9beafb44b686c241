/** A first config: small enough for any table, with some of each kind of regularization. */

import { type Encoding, inputsOf } from '@keepprob/trainer/table';
import type { JsonConfig, LayerSpec } from '../config/config.ts';
import type { Use } from './columns.ts';
import type { Label } from './label.ts';

export interface Column {
  readonly name: string;
  readonly use: Use;
}

export interface Table {
  readonly file: string;
  readonly separator: string;
  readonly rows: number;
}

type DataPart = JsonConfig['data'];

/** Sizes by the number of rows: more rows allow a wider network, and larger batches at a smaller learning rate. */
const sizes = [
  { rows: 300, units: 16, batchSize: 16, learningRate: 0.01 },
  { rows: 3000, units: 32, batchSize: 32, learningRate: 0.01 },
  { rows: 30_000, units: 64, batchSize: 64, learningRate: 0.003 },
  { rows: Number.POSITIVE_INFINITY, units: 128, batchSize: 128, learningRate: 0.001 },
] as const;

const SEED = 7;

export function proposalOf(table: Table, label: Label, columns: readonly Column[]): JsonConfig {
  const { units, batchSize, learningRate } = sizes.find(({ rows }) => table.rows < rows) ?? sizes[3];
  const { classes } = label;
  const model: LayerSpec[] = [
    { layer: 'dense', units, activation: 'relu', kernelInitializer: 'heNormal' },
    { layer: 'dropout', keepProb: 0.8 },
    classes ? { layer: 'dense', units: classes.length, activation: 'softmax' } : { layer: 'dense', units: 1 },
  ];
  return {
    model,
    data: dataOf(table, label, columns),
    loss: classes ? 'categoricalCrossentropy' : 'meanSquaredError',
    metrics: [classes ? 'accuracy' : 'mae'],
    optimizer: { name: 'adam', learningRate },
    plugins: [
      { plugin: 'l2', strength: 1e-4 },
      { plugin: 'earlyStopping', patience: 10 },
    ],
    epochs: 100,
    batchSize,
    seed: SEED,
  };
}

/** The data of the config; defaults are left out. */
function dataOf({ file, separator }: Table, label: Label, columns: readonly Column[]): DataPart {
  const used = columns.flatMap(({ name, use }) => ('type' in use ? [{ name, ...use }] : []));
  const types = used.flatMap(({ name, type }) => (type === 'number' ? [] : [[name, type] as const]));
  const imputes = [
    ...used.flatMap(({ name, impute }) => (impute ? [[name, impute] as const] : [])),
    ...(label.missing ? [[label.name, 'drop'] as const] : []),
  ];
  return {
    train: { csv: file },
    validation: 0.2,
    ...(separator !== ',' && { separator }),
    label: label.name,
    ...(label.classes && { classes: label.classes }),
    ...(used.length < columns.length && { columns: used.map(({ name }) => name) }),
    ...(types.length > 0 && { types: Object.fromEntries(types) }),
    ...(imputes.length > 0 && { impute: Object.fromEntries(imputes) }),
    scale: 'standardize',
    ...(!label.classes && { scaleLabel: 'standardize' as const }),
  };
}

/** The approximate number of inputs: only words of the training rows become inputs. */
export const inputsIn = (columns: readonly Column[], valuesOf: (name: string) => readonly string[]): number =>
  columns
    .flatMap(({ name, use }): Encoding[] => ('type' in use ? [{ column: name, ...use, values: valuesOf(name) }] : []))
    .reduce((sum, encoding) => sum + inputsOf(encoding).length, 0);
