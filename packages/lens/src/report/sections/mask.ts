import { showMask } from '../../mask/showMask.ts';
import { maskFigure, maskHeadline, maskRows } from '../../mask/showMaskWords.ts';
import type { ShownMask } from '../../mask/types.ts';
import { dropoutsOf } from '../../model/dropoutsOf.ts';
import { figures, notes, table } from '../parts.ts';
import { type Plain, plain } from '../plain.ts';
import { CannotTell, type Section, type Subject } from '../section.ts';

/** By this step every unit has been kept about as often as expected; each step costs a mask. */
const STEP = 100;

interface Run {
  readonly seed?: number;
  readonly steps?: number;
  readonly epochs?: number;
}

/** The step and seed of the run, as far as known. */
function when({ options }: Subject): { step: number; seed: number; known: boolean; stepsPerEpoch: number | null } {
  const { seed, steps, epochs } = (options.run ?? {}) as Run;
  const last = typeof steps === 'number' && steps > 0 ? steps - 1 : STEP;
  const own = options.seed ?? (typeof seed === 'number' ? seed : null);
  return {
    step: options.step ?? Math.min(STEP, last),
    seed: own ?? 0,
    known: own !== null,
    stepsPerEpoch: steps && epochs ? Math.ceil(steps / epochs) : null,
  };
}

export const mask: Section<Plain<ShownMask>> = {
  question: 'Which network does one step train?',
  async answer(subject) {
    const { model } = subject;
    const dropouts = dropoutsOf(model);
    if (!dropouts.length) throw new CannotTell('The model has no dropout: every step trains all of it.');
    const { step, seed, known, stepsPerEpoch } = when(subject);
    const found = showMask(model, step, { seed, stepsPerEpoch });
    if (!found.dropouts.length) throw new CannotTell(`No mask can be drawn again: ${found.unknown.join('; ')}.`);
    const example =
      known || dropouts.every(({ noise }) => noise.seed !== null)
        ? []
        : ['The seed of the run is not known: these are the masks of seed 0, as an example.'];
    return {
      verdict: maskHeadline(found),
      tone: 'plain',
      body: [
        ...notes(example),
        ...table(maskRows(found)),
        ...(await figures(maskFigure(found).panels)),
        ...notes(['Each row of a batch has its own mask; the counts are for this row.']),
      ],
      finding: plain(found),
      unknown: [...example, ...found.unknown],
    };
  },
};
