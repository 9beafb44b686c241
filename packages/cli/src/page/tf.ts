/**
 * The TensorFlow.js of a page. Two copies would each have their own classes, layers and registries, and it is unknown which one the page trains with, so two copies
 * are an error.
 */

/** The parts of TensorFlow.js that tell its copies apart: all copies share the engine, which has the environment that the first copy made. */
export interface Copy {
  readonly Environment: new (...args: never) => object;
  engine(): { readonly ENV: object };
}

const TAKEN = Symbol.for('keepprob.tf');

interface Page {
  readonly tf?: Copy;
  [TAKEN]?: Copy;
}

export const page: Page = globalThis as Page;

const NONE =
  'keepprob found no TensorFlow.js. Load it first: <script src="…/@tensorflow/tfjs/dist/tf.min.js"></script>, or map "@tensorflow/tfjs" to ' +
  'its file tf.fesm.min.js in <script type="importmap">.';
const TWO =
  'this page has two copies of TensorFlow.js, and what one of them makes does not work with the other. Load it once: either by a script tag (the global ' +
  '`tf`) or by the import map ("@tensorflow/tfjs" and "@tensorflow/tfjs-core" the same file), and leave the other out.';

/**
 * Stores the copy that the page uses, for the rest of the file.
 * @throws Error if there is no copy, or more than one
 */
export function take(...found: readonly (Copy | undefined)[]): void {
  const copies = new Set([...found, page[TAKEN]].flatMap(copy => copy?.Environment ?? []));
  const [copy] = found.filter(one => one !== undefined);
  if (!copy) throw new Error(NONE);
  if (copies.size > 1 || !(copy.engine().ENV instanceof copy.Environment)) throw new Error(TWO);
  page[TAKEN] = copy;
}
