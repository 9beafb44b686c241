/** The dropout that a model has where a suggestion would put one. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type DropoutLayer, dropoutsOf } from '../model/dropoutsOf.ts';
import { consumersOf, passesOn } from '../model/graph.ts';
import type { Suggestion } from './types.ts';

type Place = Pick<Suggestion, 'layer' | 'behind' | 'technique'>;

/** What drops right behind a layer, through layers that only hand it on; inside a recurrent layer, what drops its state. */
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
