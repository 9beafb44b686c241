/** Searches over several machines: units in a queue of BullMQ on PostgreSQL or Redis. Needs `bullmq` and `pg` or `ioredis`. */
export { type BullmqOptions, bullmq } from './queue/bullmq.ts';
export type { InstalledModule, InstalledModules } from './queue/installed.ts';
export { type ServeOptions, serveUnits } from './queue/serveUnits.ts';
