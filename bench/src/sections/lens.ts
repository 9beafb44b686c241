/** What a question to the lens costs, in seconds and memory, and in epochs of training. */
import { keepProbs } from '@keepprob/dropout';
import { checkCost, effectiveL2 } from '@keepprob/lens';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { type Spread, spread, timed, type Work } from '../measure.ts';
import { enter } from '../places.ts';
import { milliseconds, type Result, Table } from '../section.ts';

const CLASSES = 10;
const loss = 'categoricalCrossentropy';

/** Dropout behind the hidden layers, 0.5, and at the input, 0.8. */
function net(inputs: number, hidden: number): tf.LayersModel {
  const { dense } = tf.layers;
  const plain = tf.sequential({
    layers: [
      dense({ units: hidden, activation: 'relu', inputShape: [inputs], name: 'hidden1' }),
      dense({ units: hidden, activation: 'relu', name: 'hidden2' }),
      dense({ units: CLASSES, activation: 'softmax', name: 'output' }),
    ],
  });
  return keepProbs(plain, { hidden1: 0.5, hidden2: 0.5 }, { input: 0.8 });
}

function examples(rows: number, inputs: number): { x: tf.Tensor; y: tf.Tensor } {
  const labels = tf.randomUniform([rows], 0, CLASSES, 'int32', 1);
  const y = tf.tidy(() => tf.cast(tf.oneHot(labels, CLASSES), 'float32'));
  labels.dispose();
  return { x: tf.randomUniform([rows, inputs], 0, 1, 'float32', 2), y };
}

interface Row extends Spread {
  readonly work: string;
  /** By which the largest resident set of the process has grown, in MB. */
  readonly memory: number;
}

const residentMB = (): number => process.resourceUsage().maxRSS / 1024;

export async function lens(quick: boolean): Promise<Result> {
  const { inputs, hidden, rows, steps } = quick
    ? { inputs: 20, hidden: 16, rows: 30, steps: 5 }
    : { inputs: 784, hidden: 512, rows: 1000, steps: 100 };
  const epochRows = quick ? 200 : 60_000;
  await enter('kernels');
  const model = net(inputs, hidden);
  const [few, many] = [examples(rows, inputs), examples(epochRows, inputs)];
  const optimizer = tf.train.adam(1e-3);
  const works: Readonly<Record<string, Work>> = {
    [`effectiveL2, ${rows.toLocaleString('en')} rows, three dropouts`]: async () => {
      await effectiveL2(model, few, { loss });
    },
    [`checkCost, ${steps} steps, ${Math.min(500, rows)} rows`]: async () => {
      await checkCost(model, few, { loss, steps, progress: false });
    },
    [`an epoch of fit, ${epochRows.toLocaleString('en')} rows by 128`]: async () => {
      await fit(model, many, { loss, optimizer, batchSize: 128, trainEvaluation: false, progress: false });
    },
  };
  const table = new Table(
    `${inputs}-${hidden}-${hidden}-${CLASSES}, wasm with kernels`,
    'ms',
    '95 % interval',
    'memory, MB',
  );
  const measured: Row[] = [];
  for (const [work, run] of Object.entries(works)) {
    const before = residentMB();
    const time = await spread(timed(run), quick ? 1 : 5, quick ? 0 : 1);
    measured.push({ work, ...time, memory: residentMB() - before });
    const { median, low, high, memory } = measured.at(-1) as Row;
    table.add(work, milliseconds(median), `${milliseconds(low)}–${milliseconds(high)}`, memory.toFixed(0));
  }
  model.dispose();
  optimizer.dispose();
  tf.dispose([few.x, few.y, many.x, many.y]);
  const [, check, epoch] = measured as [Row, Row, Row];
  const ratio = check.median / epoch.median;
  return {
    data: { inputs, hidden, rows, epochRows, measured, checkPerEpoch: ratio },
    markdown: `${table}\n\n\`checkCost\` takes ${ratio.toFixed(2)} times an epoch.`,
  };
}
