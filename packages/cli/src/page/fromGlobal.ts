/** For the script: the global `tf`. */
import { page, take } from './tf.ts';

take(page.tf);
