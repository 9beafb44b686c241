import type { Entry } from '@keepprob/core/catalogue';
import { dropping } from './catalogue/dropping.ts';
import { learned } from './catalogue/learned.ts';
import { noise } from './catalogue/noise.ts';
import { words } from './catalogue/words.ts';

export const layers: readonly Entry[] = [...dropping, ...noise, ...words, ...learned];
