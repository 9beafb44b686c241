/** Monte-Carlo dropout over the plane: how far thinned networks disagree. Gal & Ghahramani, ICML 2016. */
import { answer, type DenseNetwork, type Thinning } from '../../stage/dense.ts';
import { keepSample } from '../../stage/sample.ts';
import { placesOf } from './grid.ts';

/** Networks thinned at random, each seen over the whole plane. */
export const thinnings = 30;
/** Cells of a side in which they are asked. */
export const doubtCells = 28;
/** The doubt that has most of the ink: half of the networks answer 0, half 1. */
export const mostDoubt = 0.5;

const places = placesOf(doubtCells).flat();

/** One network: what it drops behind each hidden layer. */
const thinningsOf = (network: DenseNetwork, keepProb: number, seed: number): (Thinning | undefined)[] =>
  network.map((_, i) => {
    const units = network[i - 1]?.bias.length;
    return units === undefined ? undefined : { kept: keepSample(units, keepProb, 97 * seed + i), keepProb };
  });

/** Standard deviation of P(class 1) over the thinned networks, in each cell: 0 to 255 stand for 0 to ½. */
export function doubtOf(network: DenseNetwork, keepProb: number, seed: number): Uint8Array {
  const cells = doubtCells ** 2;
  const [sums, squares] = [new Float64Array(cells), new Float64Array(cells)];
  for (let k = 0; k < thinnings; k++) {
    const own = thinningsOf(network, keepProb, thinnings * seed + k);
    for (const [i, value] of answer(network, places, own, cells).entries()) {
      sums[i] = (sums[i] ?? 0) + value;
      squares[i] = (squares[i] ?? 0) + value ** 2;
    }
  }
  return Uint8Array.from(sums, (sum, i) => {
    const variance = (squares[i] ?? 0) / thinnings - (sum / thinnings) ** 2;
    return Math.round(510 * Math.sqrt(Math.max(0, variance)));
  });
}

/** Mean over the plane and the most, for those who do not see the picture. */
export function doubtText(doubt: Uint8Array): string {
  const mean = doubt.reduce((sum, own) => sum + own, 0) / doubt.length / 510;
  const most = doubt.reduce((max, own) => Math.max(max, own), 0) / 510;
  return `Doubt is the standard deviation of ${thinnings} thinned networks’ answers: ${mean.toFixed(2)} in the mean over the plane, ${most.toFixed(2)} at most; 0.5 is the most there can be.`;
}
