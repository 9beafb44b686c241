/** Laws for runs with any plugin: a run can be interrupted and resumed with bitwise identical results, and two runs at once do not affect each other. */
import { type Trained, trainBare, trainInTurns, trainInterrupted } from '../bare.ts';
import { distance, ensure, same } from '../expect.ts';
import type { Law, Subject } from '../subject.ts';
import { netWith } from './layer.ts';
import { inNet } from './training.ts';

/** Each epoch has three updates. */
const EPOCHS = 3;

/** A function that makes a new net with the subject in it; undefined for a layer that does not take vectors, for which there is no net. */
export function making(subject: Subject): (() => Trained) | undefined {
  if (subject.kind === 'training') return () => inNet(subject);
  if (subject.inputShape.length !== 1) return undefined;
  return () => ({ model: netWith(subject), plugins: [] });
}

const wholes = new WeakMap<Subject, Promise<number[]>>();

/** The weights after an uninterrupted run; computed once per subject for all comparisons. */
function wholeOf(subject: Subject, make: () => Trained): Promise<number[]> {
  const known = wholes.get(subject);
  if (known) return known;
  const { model, plugins } = make();
  const whole = trainBare(model, plugins, { epochs: EPOCHS });
  wholes.set(subject, whole);
  return whole;
}

const resumes: Law<Subject> = {
  name: 'a run that is interrupted, restored into a newly built model and resumed ends with bitwise identical weights',
  async check(subject) {
    const make = making(subject);
    if (!make) return;
    const expected = await wholeOf(subject, make);
    for (const after of [1, 3, 5]) {
      const ended = trainInterrupted(make, after, { epochs: EPOCHS });
      ensure(
        same(ended, expected),
        `interrupted after ${after} updates, the weights differ by ${distance(ended, expected)}: everything it remembers must be in its \`state\``,
      );
    }
  },
};

const turns: Law<Subject> = {
  name: 'two models that are trained in turns end with the same weights as each alone',
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
