/** Names of layers in findings. */
import { namedPlaces } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * Returns a function from the path of a weight or layer to the name of the model's layer that it is or belongs to, with the path of that layer if several
 * have the name.
 */
export function labelsOf(model: LayersModel): (path: string) => string {
  const places = namedPlaces(model);
  return path => {
    // the contents of a nested model come after it
    const place = places.findLast(({ path: of }) => path === of || path.startsWith(`${of}/`));
    return place?.label ?? path;
  };
}
