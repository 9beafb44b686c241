/**
 * Wraps `LayersModel.compile`, which resolves the names of losses to functions, and then replaces these by ours. A marked seam: read in tfjs-layers 4.22, where
 * a loss is a name, a function, a list of them, or an object of them by output name, and where `lossFunctions` has one function for each output.
 */
import { categoricalCrossentropy, type Loss, sparseCategoricalCrossentropy } from './crossEntropy.ts';

const ours: Readonly<Record<string, (stock: Loss) => Loss>> = {
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
};
export const lossNames = Object.keys(ours);

interface Model {
  readonly outputNames: readonly string[];
  lossFunctions: Loss[];
}
interface Args {
  readonly loss: unknown;
}

/** The loss given for an output. */
function givenFor(loss: unknown, i: number, output: string | undefined): unknown {
  if (Array.isArray(loss)) return loss[i];
  return typeof loss === 'object' && loss !== null && output !== undefined ? Reflect.get(loss, output) : loss;
}

export const compile = (stock: (this: Model, args: Args) => void) =>
  function (this: Model, args: Args): void {
    stock.call(this, args);
    this.lossFunctions = this.lossFunctions.map((loss, i) => {
      const given = givenFor(args.loss, i, this.outputNames[i]);
      return typeof given === 'string' && Object.hasOwn(ours, given) ? (ours[given]?.(loss) ?? loss) : loss;
    });
  };
