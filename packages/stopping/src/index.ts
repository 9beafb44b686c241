export { type EarlyStoppingOptions, earlyStopping } from './earlyStopping.ts';
