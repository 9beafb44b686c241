export { blend, type EmaOptions, ema } from './ema.ts';
export { runningMean, type SwaOptions, swa } from './swa.ts';
