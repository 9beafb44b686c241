/** Every technique, with the functions and types beside it. Made from the catalogue by `npm run generate`. */
export * from './elasticNet.ts';
export * from './groupLasso.ts';
export * from './l1.ts';
export * from './proximalL1.ts';
