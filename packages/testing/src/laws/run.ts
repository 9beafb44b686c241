/** What a run promises with every plugin in it: it can be interrupted and continued to the last bit, and two of them at once do not see each other. */
import { type Trained, trainBare, trainInTurns, trainInterrupted } from '../bare.ts';
import { distance, ensure, same } from '../expect.ts';
import type { Law, Subject } from '../subject.ts';
import { netWith } from './layer.ts';
import { inNet } from './training.ts';

/** Three updates each. */
const EPOCHS = 3;

/** The net with the subject in it, made anew; undefined for a layer that does not take vectors, for which there is no net. */
export function making(subject: Subject): (() => Trained) | undefined {
  if (subject.kind === 'training') return () => inNet(subject);
  if (subject.inputShape.length !== 1) return undefined;
  return () => ({ model: netWith(subject), plugins: [] });
}

const wholes = new WeakMap<Subject, Promise<number[]>>();

/** The weights of a run in one go; each subject has one, whatever it is compared with. */
function wholeOf(subject: Subject, make: () => Trained): Promise<number[]> {
  const known = wholes.get(subject);
  if (known) return known;
  const { model, plugins } = make();
  const whole = trainBare(model, plugins, { epochs: EPOCHS });
  wholes.set(subject, whole);
  return whole;
}

const resumes: Law<Subject> = {
  name: 'a run that is interrupted, restored into a newly built model and continued ends with the same bits',
  async check(subject) {
    const make = making(subject);
    if (!make) return;
    const expected = await wholeOf(subject, make);
    for (const after of [1, 3, 5]) {
      const ended = trainInterrupted(make, after, { epochs: EPOCHS });
      ensure(
        same(ended, expected),
        `interrupted after ${after} updates, the weights differ by ${distance(ended, expected)}: all that it remembers must be in its \`state\``,
      );
    }
  },
};

const turns: Law<Subject> = {
  name: 'two models that are trained in turns end as each does alone',
  async check(subject) {
    const make = making(subject);
    if (!make) return;
    const expected = await wholeOf(subject, make);
    const pairs: Trained[][] = [[make(), make()]];
    if (subject.kind === 'training' && !subject.ofModel) {
      const { plugins } = make();
      pairs.push([make(), make()].map(({ model }) => ({ model, plugins })));
    }
    for (const pair of pairs) {
      for (const ended of trainInTurns(pair, { epochs: EPOCHS })) {
        ensure(
          same(ended, expected),
          `in turns, the weights differ by ${distance(ended, expected)}: two runs share what it remembers; keep it in \`setup\`, not in the module`,
        );
      }
    }
  },
};

export const runLaws: readonly Law<Subject>[] = [resumes, turns];
