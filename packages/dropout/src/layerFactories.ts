/** Every layer of this package, to be registered. Made from the catalogue by `npm run generate`. */
export { alphaDropout } from './layers/alphaDropout.ts';
export { concreteDropout } from './layers/concreteDropout.ts';
export { dropBlock2D } from './layers/dropBlock.ts';
export { dropout } from './layers/dropout.ts';
export { dropPath } from './layers/dropPath.ts';
export { featureAlphaDropout } from './layers/featureAlphaDropout.ts';
export { gaussianDropout } from './layers/gaussianDropout.ts';
export { gaussianNoise } from './layers/gaussianNoise.ts';
export { spatialDropout1D, spatialDropout2D, spatialDropout3D } from './layers/spatialDropout.ts';
export { wordDropout } from './layers/wordDropout.ts';
export { dropoutGRU, dropoutLSTM, dropoutSimpleRNN } from './recurrent/recurrentDropout.ts';
export { dropConnect } from './wrappers/dropConnect.ts';
export { embeddingDropout } from './wrappers/embeddingDropout.ts';
