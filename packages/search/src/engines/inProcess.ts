import type { Engine } from '../contract.ts';
import { compute } from './compute.ts';
import { trialOf } from './trialOf.ts';

/**
 * Computes in this process, one unit after the other. Works in Node and in browsers, and for every trial.
 * @example
 * inProcess().name; // 'inProcess'
 */
export const inProcess = (): Engine => ({
  name: 'inProcess',
  async open(task) {
    const trial = await trialOf(task.trial);
    return {
      size: 1,
      run: (job, during) => compute(trial, task, job, during),
      close: async () => undefined,
    };
  },
});
