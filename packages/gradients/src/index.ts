export { type AccumulateOptions, accumulate } from './accumulate.ts';
export { type AdaptiveClipOptions, adaptiveClip, clipToWeights } from './adaptiveClip.ts';
export { type CentralizeOptions, centralize, centralized } from './centralize.ts';
export { type ClipGlobalNormOptions, clipGlobalNorm, globalNorm } from './clipGlobalNorm.ts';
export { type ClipNormOptions, clipNorm, clipToNorm } from './clipNorm.ts';
export { type ClipValueOptions, clipValue } from './clipValue.ts';
export { type GradientNoiseOptions, gradientNoise, noiseDeviation, noisy } from './gradientNoise.ts';
export { ascent, type SamOptions, sam } from './sam.ts';
