/** Schedules of numbers. Users import them from `@keepprob/schedules`; they live here because a saved layer holds them. */
export * from './schedules/decays.ts';
export * from './schedules/ramps.ts';
export * from './schedules/tables.ts';
