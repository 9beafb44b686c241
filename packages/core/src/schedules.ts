/** Schedules. Users import them from `@keepprob/schedules`; they live here because saved layers contain them. */
export * from './schedules/decays.ts';
export * from './schedules/ramps.ts';
export * from './schedules/tables.ts';
