import { type Option, option } from '@keepprob/core';

/** Whether lower or higher is better; 'auto' takes higher for accuracy, AUC, precision, recall and r2. */
export type Mode = 'auto' | 'min' | 'max';

export const modeOption: Option<Mode> = option.oneOf(['auto', 'min', 'max'] as const, { fallback: 'auto' });

const higherIsBetter = /acc|auc|precision|recall|r2/i;

/** −1 where higher is better: sign × value is then lower for better values. */
export const signOf = (monitor: string, mode: Mode): 1 | -1 =>
  mode === 'max' || (mode === 'auto' && higherIsBetter.test(monitor)) ? -1 : 1;
