/** Masks of time steps as expressions, passed like in TensorFlow.js (network/masks.ts). */
import { innerOf, isMerge, readsGiven } from '../network/masks.ts';
import { isReparametrized } from '../network/plain.ts';
import { numberIn } from '../network/settings.ts';
import type { Mask, Traced } from './layout.ts';
import { type Layer, refuse, type Site } from './site.ts';

/** The mask passed to a layer. @throws ConvertError for a mask that the script cannot pass */
export function givenMask(site: Site): string | undefined {
  if (site.mask !== null) return site.mask;
  return refuse(
    site,
    'TensorFlow.js gives it a mask from a layer in another model, or from a layer that adds or multiplies, which makes no sense there.',
  );
}

/** @throws ConvertError if TensorFlow.js passes a mask to the layers inside */
export function checkNoMask({ mask, ...site }: Site, inside: Layer): void {
  if (mask !== undefined && readsGiven(inside))
    refuse(site, 'TensorFlow.js gives the layers inside of it the mask of a layer before it. Take them out of it.');
}

/** The mask of a layer's output, from those of its inputs. */
export function maskBehind(site: Site): Mask {
  const { className, config, inputs } = site;
  const masks = inputs.map(({ mask }) => mask);
  const layer = isReparametrized(className) ? (innerOf(site.layer) ?? site.layer) : site.layer;
  if (!layer.supportsMasking || className === 'Dot' || masks.every(mask => mask === undefined)) return undefined;
  const returnsSequences: unknown = Reflect.get(layer, 'returnSequences');
  if (typeof returnsSequences === 'boolean') return returnsSequences ? masks[0] : undefined;
  if (isMerge(className)) return null;
  if (className === 'Concatenate') return concatenated(site, inputs, numberIn(config, 'axis', -1));
  return masks[0];
}

/** Time steps count in a result if they count in all of its inputs. */
function concatenated(site: Site, inputs: readonly Traced[], axis: number): Mask {
  const rank = inputs[0]?.shape.length ?? 0;
  const masks = inputs.flatMap(({ mask }) => mask ?? []);
  if (rank !== 3 || inputs.some(({ mask }) => mask === null)) return null;
  const isFeatures = axis === -1 || axis === 2;
  if (isFeatures && masks.length === 1) return masks[0];
  if (!isFeatures && masks.length < inputs.length) return null;
  const joined = isFeatures ? masks.join(' & ') : `torch.cat([${masks.join(', ')}], dim=1)`;
  site.write.line(`${site.variable}_mask = ${joined}`);
  return `${site.variable}_mask`;
}
