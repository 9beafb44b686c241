export { type LabelSmoothingOptions, labelSmoothing, smoothLabels } from './labelSmoothing.ts';
export { type MixupOptions, mixRows, mixup } from './mixup.ts';
