import type { ArrayData } from '@keepprob/trainer';

export function rows(count?: number): ArrayData;
