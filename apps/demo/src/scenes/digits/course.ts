/** What this scene trains: both twins on the same digits, for each seed, and what is measured on the way. */
import type { FitEvent } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { seedsOf } from '../../stage/seeds.ts';
import { setKept } from '../../stage/worker/dropout.ts';
import { answersOf, weightsOf } from '../../stage/worker/network.ts';
import type { KernelSpread } from '../../stage/worker/plugins.ts';
import { steerLearningRate, watchSpread } from '../../stage/worker/plugins.ts';
import { type Course, type Lane, Race, type Rows } from '../../stage/worker/race.ts';
import type { Digits, RawDigits } from './file.ts';
import { examplesOf, misreadIn, wrongIn } from './looks.ts';
import { epochOf, type Half, type Halves, pointOf } from './measured.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { type Misread, type Report, type Twin, twins } from './reports.ts';
import { watchThinning } from './thinning.ts';
import { plainTwin, regularizedTwin, type TwinNetwork } from './twins.ts';

const batchSize = 50;
/** Milliseconds between two pictures of the thinned network: slow enough to be read. */
const pictureEvery = 250;
/** Milliseconds between two looks at the networks themselves: all their weights are sent. */
const lookEvery = 400;

const tensors = ({ pixels, labels }: RawDigits, count: number): Rows =>
  tf.tidy(() => ({
    x: tf.tensor2d(
      Float32Array.from(pixels.subarray(0, count * 784), grey => grey / 255),
      [count, 784],
    ),
    y: tf.reshape<tf.Rank.R2>(tf.cast(tf.oneHot(tf.tensor1d(labels.subarray(0, count), 'int32'), 10), 'float32'), [
      count,
      10,
    ]),
  }));

type Pair = Readonly<Record<Twin, TwinNetwork>>;

export function digitsCourse(start: Settings, digits: Digits, report: (report: Report) => void): Course<Settings> {
  let current = start;
  const settings = (): Settings => current;
  const train = tensors(digits.train, start.trainSize);
  const validation = tensors(digits.validation, digits.validation.labels.length);
  const seeds = seedsOf(start);
  const pairs = seeds.map((seed): Pair => ({ plain: plainTwin(seed), regularized: regularizedTwin(seed, settings) }));
  const halves: Record<Twin, Half[]> = { plain: [], regularized: [] };
  let arrived = 0;

  /** When the last of them has come as far, none has gone on. */
  function finished(epoch: number): void {
    if (++arrived % (twins.length * seeds.length)) return;
    report({ type: 'epoch', epoch: epochOf(epoch, halves) });
    if (epoch === 1 || epoch === start.epochs || performance.now() - lastLook >= lookEvery) look(epoch, halves);
  }

  let lastLook = -Infinity;
  /** At the networks of the first seed. */
  function look(epoch: number, { plain: [plain], regularized: [regularized] }: Halves): void {
    const [networks] = pairs;
    if (!networks || !plain || !regularized) return;
    lastLook = performance.now();
    const misread = (half: Half): Misread[] => misreadIn(half.answers, digits.validation);
    report({
      type: 'look',
      look: {
        epoch,
        networks: { plain: weightsOf(networks.plain.model), regularized: weightsOf(networks.regularized.model) },
        misread: { plain: misread(plain), regularized: misread(regularized) },
      },
    });
  }

  function lane({ model, plugins }: TwinNetwork, twin: Twin, i: number): Lane {
    const seed = seeds[i] ?? start.seed;
    let kernels: readonly KernelSpread[] = [];
    let costs: number[] = [];
    let lastPicture = -Infinity;
    const watchers = [
      steerLearningRate(() => current.learningRate),
      watchSpread(found => {
        kernels = found;
      }),
      twin === 'regularized' &&
        i === 0 &&
        watchThinning(
          model,
          settings,
          () => performance.now() - lastPicture >= pictureEvery,
          picture => {
            lastPicture = performance.now();
            report({ type: 'picture', picture });
          },
        ),
    ];
    const hear = ({ type, logs, epoch }: FitEvent): void => {
      if (type === 'step') costs.push(logs.cost ?? Number.NaN);
      if (type !== 'epoch') return;
      const answers = answersOf(model, validation.x);
      halves[twin][i] = { point: pointOf(logs, kernels), costs, answers, wrong: wrongIn(answers, digits.validation) };
      costs = [];
      finished(epoch + 1);
    };
    const title = twin === 'plain' ? 'Plain network' : 'Regularized network';
    return {
      title: seeds.length > 1 ? `${title}, seed ${seed}` : title,
      model,
      seed,
      plugins: [...plugins, ...watchers],
      hear,
    };
  }

  return {
    lanes: pairs.flatMap((pair, i) => twins.map(twin => lane(pair[twin], twin, i))),
    data: train,
    optimizer: () => tf.train.adam(current.learningRate),
    options: {
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
      epochs: start.epochs,
      batchSize,
      shuffle: true,
      validation,
    },
    async before() {
      report({ type: 'examples', examples: examplesOf(digits.validation) });
    },
    change(next) {
      current = next;
      for (const { regularized } of pairs) setKept(regularized.model, keepProbsOf(next));
    },
    dispose() {
      for (const pair of pairs) for (const twin of twins) pair[twin].model.dispose();
      tf.dispose([train.x, train.y, validation.x, validation.y]);
    },
  };
}

export const digitsRace = (settings: Settings, digits: Digits, report: (report: Report) => void): Race<Settings> =>
  new Race(digitsCourse(settings, digits, report));
