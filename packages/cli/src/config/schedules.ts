/** Schedules as tagged JSON: `{ "schedule": "cosine", "from": 1e-3, "to": 0, "steps": 9500 }`, with the names of each one's options. */
import { checkOptions, isSchedule, type OptionSpecs, option, type Schedule } from '@keepprob/core';
import { curriculum, type EarlyDropoutOptions, earlyDropout, lateDropout, type PhaseOptions } from '@keepprob/dropout';
import {
  byEpoch,
  byStep,
  cosine,
  exponential,
  inverseTime,
  linear,
  type OneCycleOptions,
  oneCycle,
  sequence,
  staircase,
  type WarmupOptions,
  warmup,
} from '@keepprob/schedules';
import { choose } from './choose.ts';
import { within } from './within.ts';

type Make = (options: object) => Schedule;

/** Knows its options by name; their values are checked by the factory. */
function made<O extends object>(name: string, options: OptionSpecs<O>, make: (options: O) => Schedule): Make {
  return given => make(checkOptions<O>(name, options, given));
}

const number = option.number();
const list = option.custom<readonly never[]>('a list', Array.isArray);
const ifGiven = { fallback: undefined as never };
const ramp = { from: number, to: number, steps: number };
const phase: OptionSpecs<PhaseOptions> = { keepProb: number, steps: number };

const factories: Readonly<Record<string, Make>> = {
  linear: made('linear', ramp, linear),
  cosine: made('cosine', ramp, cosine),
  exponential: made('exponential', { from: number, to: number, decayRate: number }, exponential),
  inverseTime: made('inverseTime', { from: number, decayRate: number }, inverseTime),
  staircase: made('staircase', { from: number, factor: number, every: option.everySteps() }, staircase),
  byEpoch: made('byEpoch', { values: list }, ({ values }) => byEpoch(values)),
  byStep: made(
    'byStep',
    { values: option.custom<Record<number, number>>('an object of numbers by update', v => typeof v === 'object') },
    ({ values }) => byStep(values),
  ),
  // JSON has no Infinity: null updates last for ever
  sequence: made('sequence', { parts: list }, ({ parts }) =>
    sequence(
      ...(parts as readonly (readonly [number | null, Schedule])[]).map(
        ([steps, part]) => [steps ?? Infinity, part] as const,
      ),
    ),
  ),
  warmup: made<WarmupOptions>(
    'warmup',
    {
      steps: number,
      into: option.custom<number | Schedule>('a number or a schedule', v => v !== null),
      from: option.number({ fallback: 0 }),
    },
    warmup,
  ),
  oneCycle: made<OneCycleOptions>(
    'oneCycle',
    {
      peak: number,
      steps: number,
      from: option.number(ifGiven),
      to: option.number(ifGiven),
      rise: option.number(ifGiven),
    },
    oneCycle,
  ),
  earlyDropout: made<EarlyDropoutOptions>(
    'earlyDropout',
    { ...phase, decline: option.oneOf(['linear', 'constant'], { fallback: 'linear' }) },
    earlyDropout,
  ),
  lateDropout: made('lateDropout', phase, lateDropout),
  curriculum: made('curriculum', phase, curriculum),
};

/** What was given, every schedule in it made. One that a config in TypeScript has made already (they are frozen) stays as it is. */
export function withSchedules(where: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || (isSchedule(value) && Object.isFrozen(value))) return value;
  if (Array.isArray(value)) return value.map((part, i) => withSchedules(`${where}[${i}]`, part));
  const entries = Object.entries(value).map(([key, part]) => [key, withSchedules(`${where}.${key}`, part)] as const);
  if (!('schedule' in value)) return Object.fromEntries(entries);
  const make = choose(where, 'schedule', value.schedule, factories);
  return within(where, () => make(Object.fromEntries(entries.filter(([key]) => key !== 'schedule'))));
}
