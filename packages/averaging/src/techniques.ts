/** Every technique, with its functions and types. Made from the catalogue by `npm run generate`. */
export * from './ema.ts';
export * from './lookahead.ts';
export * from './swa.ts';
