/** What this scene trains: seed after seed, one network twice, without and with regularization. */
import { l2 } from '@keepprob/l2';
import type { FitEvent } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { wideDataOf } from '../../stage/points.ts';
import { errorOf } from '../../stage/statistics.ts';
import { withDropout } from '../../stage/worker/dropout.ts';
import { answersOf, denseNetwork, rowsOf, wrongOf } from '../../stage/worker/network.ts';
import { type Course, Race } from '../../stage/worker/race.ts';
import { Series } from '../../stage/worker/series.ts';
import { isOver } from './effect.ts';
import { batchOf, keepProbsOf, learningRate, type Settings, seedOfPair, unitsOf } from './params.ts';
import { type Arm, arms, type Pair, type Report } from './reports.ts';

/** Both runs of one seed. */
function pairCourse(settings: Settings, index: number, report: (report: Report) => void): Course<Settings> {
  const { lambda, points, epochs } = settings;
  const { train, dev } = wideDataOf(settings);
  const rows = rowsOf(train);
  const devRows = rowsOf(dev);
  const seed = seedOfPair(settings, index);
  const network = (): LayersModel => denseNetwork(unitsOf(settings), 'sigmoid', seed);
  const models = { off: network(), on: withDropout(network(), keepProbsOf(settings)) };

  function look(arm: Arm): { readonly train: number; readonly wrong: Uint8Array } {
    const model = models[arm];
    return {
      train: errorOf(wrongOf(answersOf(model, rows.x), train)),
      wrong: wrongOf(answersOf(model, devRows.x), dev),
    };
  }

  let arrived = 0;
  /** When the second of them has come as far, the first has not gone on. */
  function hear({ type, epoch }: FitEvent): void {
    if (type !== 'epoch' || ++arrived % arms.length) return;
    const [off, on] = [look('off'), look('on')];
    report({
      type: 'epoch',
      epoch: epoch + 1,
      errors: {
        off: { train: off.train, dev: errorOf(off.wrong) },
        on: { train: on.train, dev: errorOf(on.wrong) },
      },
    });
    if (epoch + 1 === epochs) report({ type: 'pair', pair: { off: off.wrong, on: on.wrong } });
  }

  return {
    lanes: arms.map(arm => ({
      title: arm === 'on' ? 'Regularized network' : 'Network without regularization',
      model: models[arm],
      plugins: [arm === 'on' && lambda > 0 && l2(lambda / (2 * points))],
      hear,
    })),
    data: rows,
    optimizer: () => tf.train.adam(learningRate),
    options: {
      loss: 'binaryCrossentropy',
      epochs,
      batchSize: batchOf(settings),
      shuffle: true,
      seed,
      trainEvaluation: false,
    },
    change: () => {},
    dispose() {
      for (const model of Object.values(models)) model.dispose();
      tf.dispose([rows.x, rows.y, devRows.x, devRows.y]);
    },
  };
}

/**
 * Ends when the pairs tell, or are as many as asked for, which may change on the way.
 * @param trained the reports of pairs that were trained, which are told again; those that are trained now join them
 */
export function pairsOfRuns(
  start: Settings,
  report: (report: Report) => void,
  trained: (readonly Report[])[] = [],
): Series<Settings> {
  let settings = start;
  const pairs: Pair[] = [];
  const tell = (found: Report): void => {
    if (found.type === 'pair') pairs.push(found.pair);
    report(found);
  };
  return new Series(
    () => {
      for (let known = trained[pairs.length]; known && !isOver(pairs, settings); known = trained[pairs.length])
        known.forEach(tell);
      if (isOver(pairs, settings)) return undefined;
      const own: Report[] = [];
      return new Race(
        pairCourse(settings, pairs.length, found => {
          own.push(found);
          if (found.type === 'pair') trained.push(own);
          tell(found);
        }),
      );
    },
    changed => {
      settings = changed;
    },
  );
}
