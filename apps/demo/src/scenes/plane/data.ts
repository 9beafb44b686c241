/** The points of this scene: drawn from the seed, or the visitor's own. */
import { dataOf, type Plane } from '../../stage/points.ts';
import { obstacleIn, parted, pointsOf } from './own.ts';
import { ownData, type Settings } from './params.ts';

export function planeData(settings: Settings): { readonly train: Plane; readonly dev: Plane } {
  return settings.data === ownData ? parted(pointsOf(settings.own), settings.seed) : dataOf(settings);
}

/** Why nothing can be learnt with these settings; empty where something can. */
export const obstacleOf = ({ data, own }: Settings): string => (data === ownData ? obstacleIn(pointsOf(own)) : '');
