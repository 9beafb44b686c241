/** Schedules as tagged JSON: `{ "schedule": "cosine", "from": 1e-3, "to": 0, "steps": 9500 }`, with the option names of each schedule. */
import { isSchedule } from '@keepprob/core';
import { named } from '../catalogue.ts';
import { choose } from '../choose.ts';
import { within } from '../within.ts';

const schedules = named('schedule');

/** The given value, with every schedule in it created. Schedules that a config in TypeScript has already created (they are frozen) are unchanged. */
export function withSchedules(where: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || (isSchedule(value) && Object.isFrozen(value))) return value;
  if (Array.isArray(value)) return value.map((part, i) => withSchedules(`${where}[${i}]`, part));
  const entries = Object.entries(value).map(([key, part]) => [key, withSchedules(`${where}.${key}`, part)] as const);
  if (!('schedule' in value)) return Object.fromEntries(entries);
  const { make } = choose(where, 'schedule', value.schedule, schedules);
  return within(where, () => make(Object.fromEntries(entries.filter(([key]) => key !== 'schedule'))));
}
