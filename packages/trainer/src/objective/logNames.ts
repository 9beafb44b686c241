/** The logs of a run, and their names. */
import { OptionError } from '@keepprob/core';
import * as messages from '../messages.ts';

/**
 * The logs of each output, by the position of the output: { '0Loss': 'policyLoss', '0Accuracy': 'policyAccuracy' }. Logs contain the names of outputs, and TF.js
 * numbers automatic names per process.
 */
export type LogNames = Readonly<Record<string, string>>;

/** `accuracy` of the validation data is `valAccuracy`. */
export const inCurve = (curve: string, log: string): string => `${curve}${log.charAt(0).toUpperCase()}${log.slice(1)}`;

/** Maps the name of a log in another process to its current name; a log that does not belong to one output keeps its name. */
export function renaming(before: LogNames, now: LogNames): (log: string) => string {
  const names = new Map(
    Object.entries(before).flatMap(([position, log]) => {
      const name = now[position];
      if (name === undefined) return [];
      const curves = ['clean', 'val'].map(curve => [inCurve(curve, log), inCurve(curve, name)] as const);
      return [[log, name] as const, ...curves];
    }),
  );
  return log => names.get(log) ?? log;
}

/** TF.js' `out_acc` is our `outAccuracy`, as in the history. */
export const metricName = (name: string): string =>
  name.replace(/(^|_)acc$/, '$1accuracy').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** @param metrics as TF.js names them, `out_acc` */
export function logNames(
  outputs: readonly string[],
  metrics: readonly { readonly output: number; readonly name: string }[],
): LogNames {
  if (outputs.length === 1) return {};
  const losses = outputs.map((name, i) => [`${i}Loss`, `${name}Loss`] as const);
  const others = metrics.map(({ output, name }) => {
    const own = name.slice(outputs[output]?.length);
    return [metricName(`${output}${own}`), metricName(name)] as const;
  });
  return Object.fromEntries([...losses, ...others]);
}

/** The outputs and metrics that are measured for each batch. */
interface Measured {
  readonly outputs: readonly string[];
  readonly metrics: readonly { readonly name: string }[];
}

/** A log, and what it belongs to. */
interface Log {
  readonly name: string;
  readonly of: string;
}

/** The curves of a run: during training, on the training data with dropout off, and on the validation data. */
type Curve = 'train' | 'clean' | 'val';

function logsOf({ outputs, metrics }: Measured, curve: Curve): Log[] {
  const measured: Log[] = [
    { name: 'loss', of: 'the loss' },
    ...(outputs.length > 1 ? outputs.map(name => ({ name: `${name}Loss`, of: `the loss of output "${name}"` })) : []),
    ...metrics.map(({ name }) => ({ name, of: `metric "${name}"` })),
  ];
  const ofWeights = ['penalty', 'cost'].map(name => ({ name, of: `the ${name}` }));
  const where = { train: '', clean: ' on the training data with dropout off', val: ' on the validation data' }[curve];
  return [...measured, ...(curve === 'clean' ? [] : ofWeights)].map(({ name, of }) => ({
    name: curve === 'train' ? name : inCurve(curve, name),
    of: `${of}${where}`,
  }));
}

/** The names of the logs that an epoch has in a curve. */
export const namesOfLogs = (measured: Measured, curve: Curve): string[] =>
  logsOf(measured, curve).map(({ name }) => name);

/**
 * Checks that every log has a unique name, whichever curves a run has. `epoch` and `step` are taken: tables of logs begin with them.
 * @throws OptionError for a metric or an output whose logs have names that are taken
 */
export function checkLogs(owner: string, measured: Measured): void {
  const unnamed = measured.metrics.find(({ name }) => name === '' || name.endsWith('_'));
  if (unnamed) throw OptionError.of(owner, 'metrics', 'functions that have names', 'a function without a name');
  const taken = new Map<string, string>(['epoch', 'step'].map(name => [name, `the number of the ${name}`]));
  for (const { name, of } of (['train', 'clean', 'val'] as const).flatMap(curve => logsOf(measured, curve))) {
    const other = taken.get(name);
    if (other !== undefined) throw logsCollide(owner, name, [other, of]);
    taken.set(name, of);
  }
}

function logsCollide(owner: string, name: string, owners: readonly [string, string]): OptionError {
  const option = owners.some(of => of.startsWith('metric ')) ? 'metrics' : 'model';
  return new OptionError(messages.logsCollide(owner, option, name, owners), { option, received: name });
}
