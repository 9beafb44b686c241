/** What this scene trains: both twins on the same digits, and what is measured on the way. */
import type { FitEvent } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { onlyWrong } from '../../stage/statistics.ts';
import { setKept } from '../../stage/worker/dropout.ts';
import { weightsOf } from '../../stage/worker/network.ts';
import type { KernelSpread } from '../../stage/worker/plugins.ts';
import { steerLearningRate, watchSpread } from '../../stage/worker/plugins.ts';
import { type Course, type Lane, Race, type Rows } from '../../stage/worker/race.ts';
import type { Digits, RawDigits } from './file.ts';
import { answersOf, examplesOf, misreadIn, wrongIn } from './looks.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { type Misread, type Point, type Report, type Twin, twins } from './reports.ts';
import { watchThinning } from './thinning.ts';
import { plainTwin, regularizedTwin } from './twins.ts';

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

function point(logs: Readonly<Record<string, number>>, kernels: readonly KernelSpread[]): Point {
  const log = (name: string): number => {
    const value = logs[name];
    if (value === undefined)
      throw new Error(`The trainer reported no ${name}; it reported ${Object.keys(logs).join(', ')}.`);
    return value;
  };
  const [hidden1, hidden2, output] = kernels.map(({ spread }) => spread);
  return {
    trainLoss: log('cleanLoss'),
    validationLoss: log('valLoss'),
    trainPenalty: log('penalty'),
    validationPenalty: log('valPenalty'),
    trainCost: log('cost'),
    validationCost: log('valCost'),
    trainError: 1 - log('cleanAccuracy'),
    validationError: 1 - log('valAccuracy'),
    gap: log('valLoss') - log('cleanLoss'),
    squaredNorm: kernels.reduce((sum, kernel) => sum + kernel.squaredNorm, 0),
    spreadHidden1: hidden1 ?? 0,
    spreadHidden2: hidden2 ?? 0,
    spreadOutput: output ?? 0,
  };
}

/** One network at the end of an epoch, until the other has come as far. */
interface Half {
  readonly point: Point;
  readonly costs: readonly number[];
  /** P(class) of each dev digit, and 1 where it is read wrongly. */
  readonly answers: Float32Array;
  readonly wrong: Uint8Array;
}

export function digitsCourse(start: Settings, digits: Digits, report: (report: Report) => void): Course<Settings> {
  let current = start;
  const settings = (): Settings => current;
  const train = tensors(digits.train, start.trainSize);
  const validation = tensors(digits.validation, digits.validation.labels.length);
  const networks = { plain: plainTwin(start.seed), regularized: regularizedTwin(start.seed, settings) };
  const halves: Partial<Record<Twin, Half>> = {};

  function finished(twin: Twin, half: Half, epoch: number): void {
    halves[twin] = half;
    const { plain, regularized } = halves;
    if (!plain || !regularized) return;
    report({
      type: 'epoch',
      epoch: {
        epoch,
        plain: plain.point,
        regularized: regularized.point,
        costs: { plain: plain.costs, regularized: regularized.costs },
        onlyWrong: {
          plain: onlyWrong(plain.wrong, regularized.wrong),
          regularized: onlyWrong(regularized.wrong, plain.wrong),
        },
        devDigits: plain.wrong.length,
      },
    });
    if (epoch === 1 || epoch === start.epochs || performance.now() - lastLook >= lookEvery)
      look(epoch, plain, regularized);
    for (const name of twins) delete halves[name];
  }

  let lastLook = -Infinity;
  function look(epoch: number, plain: Half, regularized: Half): void {
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

  function lane(twin: Twin): Lane {
    const network = networks[twin];
    let kernels: readonly KernelSpread[] = [];
    let costs: number[] = [];
    let lastPicture = -Infinity;
    const watchers = [
      steerLearningRate(() => current.learningRate),
      watchSpread(found => {
        kernels = found;
      }),
      twin === 'regularized' &&
        watchThinning(
          network.model,
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
      const answers = answersOf(network.model, validation.x);
      finished(
        twin,
        { point: point(logs, kernels), costs, answers, wrong: wrongIn(answers, digits.validation) },
        epoch + 1,
      );
      costs = [];
    };
    return {
      title: twin === 'plain' ? 'Plain network' : 'Regularized network',
      model: network.model,
      plugins: [...network.plugins, ...watchers],
      hear,
    };
  }

  return {
    lanes: twins.map(lane),
    data: train,
    optimizer: () => tf.train.adam(current.learningRate),
    options: {
      loss: 'categoricalCrossentropy',
      metrics: ['accuracy'],
      epochs: start.epochs,
      batchSize,
      shuffle: true,
      seed: start.seed,
      validation,
    },
    async before() {
      report({ type: 'examples', examples: examplesOf(digits.validation) });
    },
    change(next) {
      current = next;
      setKept(networks.regularized.model, keepProbsOf(next));
    },
    dispose() {
      for (const twin of twins) networks[twin].model.dispose();
      tf.dispose([train.x, train.y, validation.x, validation.y]);
    },
  };
}

export const digitsRace = (settings: Settings, digits: Digits, report: (report: Report) => void): Race<Settings> =>
  new Race(digitsCourse(settings, digits, report));
