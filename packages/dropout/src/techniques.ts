/** Every technique, with its functions and types. Made from the catalogue by `npm run generate`. */
export * from './layers/alphaDropout.ts';
export * from './layers/concreteDropout.ts';
export * from './layers/dropBlock.ts';
export * from './layers/dropout.ts';
export * from './layers/dropPath.ts';
export * from './layers/featureAlphaDropout.ts';
export * from './layers/gaussianDropout.ts';
export * from './layers/gaussianNoise.ts';
export * from './layers/spatialDropout.ts';
export * from './layers/wordDropout.ts';
export * from './options/keepProbSchedules.ts';
export * from './recurrent/recurrentDropout.ts';
export * from './training/rDrop.ts';
export * from './wrappers/dropConnect.ts';
export * from './wrappers/embeddingDropout.ts';
