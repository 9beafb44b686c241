/** The dropout that a model already has where a suggestion would insert it. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type DropoutLayer, dropoutsOf } from '../model/dropoutsOf.ts';
import { consumersOf, passesOn } from '../model/graph.ts';
import type { Suggestion } from './types.ts';

type Place = Pick<Suggestion, 'layer' | 'behind' | 'technique'>;

/** The dropouts right after a layer, through layers that only pass its output on; for a recurrent layer, those of its state. */
export function presentDropouts(model: LayersModel, { layer, behind, technique }: Place): DropoutLayer[] {
  const all = dropoutsOf(model);
  if (technique === 'recurrentDropout')
    return all.filter(({ name, noise }) => name === layer && /recurrent/i.test(noise.option));
  const found: DropoutLayer[] = [];
  const visit = (from: LayersModel['layers'][number]): void => {
    for (const next of consumersOf(model, from)) {
      found.push(...all.filter(({ layer: dropping, noise }) => dropping === next && noise.target === 'activations'));
      if (passesOn(next)) visit(next);
    }
  };
  visit(model.getLayer(behind));
  return [...new Set(found)];
}
