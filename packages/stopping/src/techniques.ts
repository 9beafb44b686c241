/** Every technique, with its functions and types. Made from the catalogue by `npm run generate`. */
export * from './earlyStopping.ts';
export * from './reduceOnPlateau.ts';
export * from './stopOnGeneralizationLoss.ts';
export * from './stopOnIncreases.ts';
export * from './stopOnProgressQuotient.ts';
export * from './terminateOnNaN.ts';
