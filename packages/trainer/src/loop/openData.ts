/** The data of a run, and the order in which they are read. */
import { DataError, OptionError } from '@keepprob/core';
import { continuing } from '../data/continuing.ts';
import type { TrainingData } from '../data/given.ts';
import type { Layout } from '../data/layout.ts';
import { checkOrder, type Order, type Source } from '../data/order.ts';
import { openSource } from '../data/source.ts';
import { cleanOrder, type EvaluationOrder, evaluationOrder, limits } from '../objective/evaluate.ts';
import type { FitOptions } from '../options.ts';

export interface RunData {
  readonly train: Source;
  /** The batches of the updates: the training data, possibly read across epochs. */
  readonly updates: Source;
  /** The training data themselves under `overfitBatches`. */
  readonly validation: Source | null;
  /** The order in which training data are read. */
  readonly order: Pick<Order, 'batchSize' | 'dropLast' | 'limit' | 'limitBatches'>;
  /** The training rows that are evaluated with dropout off; undefined for none. */
  readonly clean: EvaluationOrder | undefined;
  /** The order in which validation data are evaluated. */
  readonly validationOrder: EvaluationOrder | undefined;
}

type Options = Required<FitOptions>;

const TRAIN = 'training data';

/**
 * Opens training and validation data; each source is added to `sources` as soon as it is open.
 * @throws OptionError, DataError
 */
export async function openData(
  data: TrainingData,
  options: Options,
  layout: Layout,
  sources: Source[],
): Promise<RunData> {
  const { overfitBatches, validationBatches, dropLast, stepsPerEpoch } = options;
  const { batchSize: fixed } = layout;
  const open = async (what: string, from: TrainingData): Promise<Source> => {
    const source = await openSource(what, from, layout);
    sources.push(source);
    return source;
  };
  const whole = await open(TRAIN, data);
  const [train, rest] = split(whole, options.validationSplit);
  const apart =
    options.validation && overfitBatches === null ? await open('validation data', options.validation) : rest;
  const validation = overfitBatches === null ? apart : train;
  const updates = stepsPerEpoch === null ? train : continued(train, stepsPerEpoch);
  if (updates !== train) sources.push(updates);
  checkBatchSize(train, options.batchSize, fixed);
  const order = { batchSize: options.batchSize, dropLast, ...limits(train, options) };
  checkOrder(TRAIN, train, order, fixed);
  const limited = { ...options, limitBatches: validationBatches ?? options.limitBatches };
  const validationOrder = validation ? evaluationOrder(validation, limited, fixed) : undefined;
  if (validation && validation !== train && validationOrder)
    checkOrder('validation data', validation, validationOrder, fixed);
  return { train, updates, validation, order, validationOrder, clean: cleanOrder(train, options, fixed) };
}

/** Splits off the last rows as validation data. */
function split(source: Source, fraction: number | null): readonly [train: Source, validation: Source | null] {
  if (fraction === null) return [source, null];
  const { rows, split } = source;
  if (rows === undefined || !split)
    throw OptionError.of(
      'fit',
      'validationSplit',
      'null for a stream, whose validation data go into `validation`',
      fraction,
    );
  const first = Math.floor(rows * (1 - fraction));
  if (first === 0 || first === rows)
    throw DataError.of(TRAIN, `rows on both sides of a validationSplit of ${fraction}`, `${rows}`);
  return split(first);
}

function continued(source: Source, steps: number): Source {
  if (source.rows === undefined) return continuing(TRAIN, source, steps);
  throw OptionError.of('fit', 'stepsPerEpoch', 'null for arrays, whose epochs `limitBatches` shortens', steps);
}

/** @throws OptionError if the batches of updates would not have the size that the model takes */
function checkBatchSize({ rows }: Source, batchSize: number, fixed: number | undefined): void {
  if (rows === undefined || fixed === undefined || batchSize === fixed) return;
  throw OptionError.of(
    'fit',
    'batchSize',
    `${fixed}, the rows of a batch that the model takes (batchInputShape)`,
    batchSize,
  );
}
