/** Every technique, with the functions and types beside it. Made from the catalogue by `npm run generate`. */
export * from './earlyStopping.ts';
export * from './reduceOnPlateau.ts';
export * from './stopOnGeneralizationLoss.ts';
export * from './stopOnIncreases.ts';
export * from './stopOnProgressQuotient.ts';
export * from './terminateOnNaN.ts';
