/** Every technique, with its functions and types. Made from the catalogue by `npm run generate`. */
export * from './elasticNet.ts';
export * from './groupLasso.ts';
export * from './l1.ts';
export * from './proximalL1.ts';
