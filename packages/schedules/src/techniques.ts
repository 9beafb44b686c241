/** Every technique, with its functions and types. Made from the catalogue by `npm run generate`. */
export * from './layerRates.ts';
export * from './oneCycle.ts';
export * from './schedule.ts';
export * from './warmup.ts';
