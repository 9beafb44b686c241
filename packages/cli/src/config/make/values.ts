/** Plugins that a config in TypeScript or JavaScript has already created. */
import type { TrainingPlugin } from '@keepprob/core';
import { isTable } from '@keepprob/core/driver';

/** Whether it is a training plugin, and not the description of one. */
export const isPluginValue = (given: unknown): given is TrainingPlugin =>
  isTable(given) &&
  'setup' in given &&
  typeof given.setup === 'function' &&
  'name' in given &&
  typeof given.name === 'string' &&
  'apiVersion' in given;
