/** Every technique, with the functions and types beside it. Made from the catalogue by `npm run generate`. */
export * from './layerRates.ts';
export * from './oneCycle.ts';
export * from './schedule.ts';
export * from './warmup.ts';
