/** For the module: TensorFlow.js from the import map, or the global `tf`. */
import { page, take } from './tf.ts';

/** Whether the import map of the page has it; workers have none. */
function isMapped(): boolean {
  try {
    return import.meta.resolve('@tensorflow/tfjs') !== '';
  } catch {
    return false;
  }
}

take(isMapped() ? await import('@tensorflow/tfjs') : undefined, page.tf);
