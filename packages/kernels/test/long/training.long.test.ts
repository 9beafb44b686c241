/** A thousand steps with our kernels; `npm test` takes fewer. */
import '../lifecycle/training.test.ts';
