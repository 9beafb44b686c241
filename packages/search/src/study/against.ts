/** The chosen one next to itself with its regularizers off, in pairs. */
import { tQuantile } from '@keepprob/lens/statistics';
import type { Conclusion } from './conclude.ts';
import type { AgainstOff } from './found.ts';
import { mean } from './mean.ts';
import type { Study } from './study.ts';

const CONFIDENCE = 0.95;
const MOST = 10_000;

/** The corrected resampled t: Nadeau & Bengio, "Inference for the generalization error", Machine Learning 52, 2003, §4. */
export function againstOff({ ledger, task }: Study, { chosen, off, pairs }: Conclusion): AgainstOff | null {
  if (!off) return null;
  if (off.number === chosen.number)
    return { trial: off.number, difference: 0, interval: [0, 0], verdict: 'same', needed: null };
  const differences = pairs.flatMap(pair => {
    const [own, other] = [chosen.units.at(pair), off.units.at(pair)];
    return own && other ? [own.value - other.value] : [];
  });
  const ratio = mean(
    pairs.map(({ fold }) => {
      const { train, validation } = task.splits[fold] ?? { train: [], validation: [] };
      return validation.length / train.length;
    }),
  );
  const difference = mean(differences);
  const variance = differences.reduce((sum, d) => sum + (d - difference) ** 2, 0) / (differences.length - 1);
  const half = (n: number): number => tQuantile((1 + CONFIDENCE) / 2, n - 1) * Math.sqrt((1 / n + ratio) * variance);
  const width = half(differences.length);
  const interval = [difference - width, difference + width] as const;
  const [low, high] = ledger.sign === 1 ? interval : [-interval[1], -interval[0]];
  const verdict = high < 0 ? 'helps' : low > 0 ? 'hurts' : 'cannotTell';
  return {
    trial: off.number,
    difference,
    interval,
    verdict,
    needed: verdict === 'cannotTell' ? needed(half, Math.abs(difference)) : null,
  };
}

function needed(half: (n: number) => number, size: number): number | null {
  if (!(half(MOST) < size)) return null;
  let [low, high] = [2, MOST];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (half(middle) < size) high = middle;
    else low = middle;
  }
  return high;
}
