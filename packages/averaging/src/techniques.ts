/** Every technique, with the functions and types beside it. Made from the catalogue by `npm run generate`. */
export * from './ema.ts';
export * from './lookahead.ts';
export * from './swa.ts';
