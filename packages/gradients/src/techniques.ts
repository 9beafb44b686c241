/** Every technique, with its functions and types. Made from the catalogue by `npm run generate`. */
export * from './accumulate.ts';
export * from './adaptiveClip.ts';
export * from './centralize.ts';
export * from './clipGlobalNorm.ts';
export * from './clipNorm.ts';
export * from './clipValue.ts';
export * from './gradientNoise.ts';
export * from './sam.ts';
