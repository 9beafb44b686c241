/** The arguments of the methods of a training loop. */
import { Tensor } from '@tensorflow/tfjs-core';
import type { Batch, Logs, State } from '../contract.ts';
import * as option from '../options/option.ts';
import { isTable } from '../options/table.ts';

const isTensor = (value: unknown): boolean => value instanceof Tensor && !value.isDisposed;
const areTensors = (value: unknown): boolean => isTable(value) && Object.values(value).every(isTensor);
const isState = (value: unknown): boolean => isTable(value) && areTensors(value.tensors) && 'values' in value;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;

/** The point from which a loop resumes. */
export interface Stand {
  readonly step: number;
  readonly epoch: number;
  readonly state?: State | undefined;
}

export const batchArgument = /* @__PURE__ */ option.custom<Batch>(
  '{ x, y }, each an object of tensors in use by input or output name',
  value => isTable(value) && areTensors(value.x) && areTensors(value.y),
);
export const logsArgument = /* @__PURE__ */ option.custom<Logs>(
  'an object of numbers by name, such as { valLoss: 0.3 }',
  value => isTable(value) && Object.values(value).every(log => typeof log === 'number'),
);
export const standArgument = /* @__PURE__ */ option.custom<Stand>(
  '{ step, epoch, state }: how many updates and epochs were done, integers ≥ 0, and what `state()` gave, if anything',
  value =>
    isTable(value) &&
    isCount(value.step) &&
    isCount(value.epoch) &&
    (value.state === undefined || isState(value.state)),
);
export const functionArgument = /* @__PURE__ */ option.fn<() => unknown>();
