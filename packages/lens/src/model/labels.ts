/** What findings call a layer. */
import { namedPlaces } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * By the path of a weight or of a layer: the name of the layer of a model that it is or is in, with the path of that layer where several have
 * the name.
 */
export function labelsOf(model: LayersModel): (path: string) => string {
  const places = namedPlaces(model);
  return path => {
    // whatever is in a nested model comes after it
    const place = places.findLast(({ path: of }) => path === of || path.startsWith(`${of}/`));
    return place?.label ?? path;
  };
}
