/** The values of a schedule over a run. */
import { valueAt } from '@keepprob/core';
import { curves } from './svg.mjs';

const POINTS = 240;
const STEPS_PER_EPOCH = 100;

/** The last update that is worth showing: what the options name, and a little more. */
function horizon(options) {
  const lists = Array.isArray(options.values) ? options.values.length * STEPS_PER_EPOCH : 0;
  const parts = (options.parts ?? []).map(([steps]) => (Number.isFinite(steps) ? steps : 0));
  const named = [options.steps, options.period, options.every, ...parts].filter(Number.isFinite);
  return 1.1 * Math.max(lists, ...named.map(steps => steps), named.length ? 0 : 1000);
}

export function schedulePicture(entry) {
  const schedule = entry.make(entry.options);
  const last = horizon(entry.options);
  const points = Array.from({ length: POINTS + 1 }, (_, i) => {
    const step = Math.round((last * i) / POINTS);
    return [step, valueAt(schedule, { step, epoch: Math.floor(step / STEPS_PER_EPOCH) })];
  });
  return {
    svg: curves([{ points }], { x: 'update', y: 'value' }),
    alt: `The value of ${entry.name} by update, with the options of the example.`,
  };
}
