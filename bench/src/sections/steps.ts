/** Whole training steps through `tf.layers`: with our kernels against stock, and what regularization adds to a step. */
import { compare, compareWithin, type Effort, type Ratio, timed } from '../measure.ts';
import { cnn, type Kind, lstm, mlp, type Size, type Step, separable } from '../models.ts';
import { arm, enter, type Place } from '../places.ts';
import { milliseconds, type Result, ratioCells, Table } from '../section.ts';

interface Row extends Ratio {
  readonly work: string;
  /** Where stock ran. */
  readonly stock: Place;
}

export async function steps(quick: boolean): Promise<Result> {
  const size: Size = quick
    ? { batch: 8, inputs: 16, hidden: 16, outputs: 10 }
    : { batch: 128, inputs: 784, hidden: 512, outputs: 10 };
  const name = `MLP ${size.inputs}-${size.hidden}-${size.hidden}-${size.outputs}, batch ${size.batch}, momentum`;
  const [plain, regularized] = [
    { dropout: false, l2: false },
    { dropout: true, l2: true },
  ];
  const batch = (full: number): number => (quick ? 2 : full);
  const [image, digit, time] = quick ? [8, 10, 3] : [32, 28, 28];
  const models: Readonly<Record<string, (kind: Kind) => Step>> = {
    [`${name}; none`]: kind => mlp(kind, size, plain),
    [`${name}; dropout .5 ×2 + L2`]: kind => mlp(kind, size, regularized),
    [`CNN, conv 16 and 32, batch ${batch(64)}, Adam`]: kind => cnn(kind, batch(64), digit),
    [`LSTM 64 units × ${time} steps, batch ${batch(64)}, Adam`]: kind => lstm(kind, batch(64), time),
    [`3 depthwise-separable blocks, ${image}×${image}, batch ${batch(16)}, Adam`]: kind =>
      separable(kind, batch(16), image),
  };

  // several steps of ours are one sample where stock takes a second for one
  const effort: Effort = quick
    ? { sample: 0, budget: 1, rounds: [2, 2] }
    : { sample: 100, budget: 5000, rounds: [3, 15] };
  const table = new Table('training step', 'ours ms', 'stock', 'stock ms', 'ours / stock', '95 % interval', 'rounds');
  const rows: Row[] = [];
  const thrown: { work: string; why: string }[] = [];
  for (const [work, make] of Object.entries(models)) {
    for (const stock of ['wasm', 'cpu'] as const) {
      const other = await made(make, 'stock', stock);
      const why = stock === 'wasm' ? await error(other.run) : undefined;
      if (why === undefined) {
        const ours = await made(make, 'ours', 'kernels');
        const ratio = await compareWithin(effort, arm('kernels', ours.run), arm(stock, other.run));
        ours.dispose();
        rows.push({ work, stock, ...ratio });
        const [a, b] = [milliseconds(ratio.ours), milliseconds(ratio.other)];
        table.add(work, a, stock, b, ...ratioCells(ratio), `${ratio.rounds}`);
      } else {
        thrown.push({ work, why });
        table.add(work, '', stock, 'throws', '', '', '');
      }
      other.dispose();
    }
  }

  const cost = await regularizationCost(
    kind => mlp(kind, size, regularized),
    kind => mlp(kind, size, plain),
    quick,
  );
  const [ratio, interval] = ratioCells(cost);
  const sentence = `Dropout .5 ×2 and L2 on the MLP cost, with our kernels on both sides: ${milliseconds(cost.ours)} ms against ${milliseconds(cost.other)} ms without, ratio ${ratio.replaceAll('*', '')} (${interval}, ${cost.rounds} interleaved rounds).`;
  console.log(sentence);
  const whys = [...new Set(thrown.map(({ why }) => why))].map(why => `Stock wasm throws: ${why}`);
  return { data: { rows, thrown, cost }, markdown: [table, '', sentence, ...whys].join('\n') };
}

async function made(make: (kind: Kind) => Step, kind: Kind, place: Place): Promise<Step> {
  await enter(place);
  return make(kind);
}

/** What it throws, if it does. */
async function error(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    return (thrown as Error).message.split('\n')[0]!;
  }
}

/** A small difference: many rounds of single steps, interleaved. */
async function regularizationCost(
  regularized: (kind: Kind) => Step,
  plain: (kind: Kind) => Step,
  quick: boolean,
): Promise<Ratio> {
  await enter('kernels');
  const [a, b] = [regularized('ours'), plain('ours')];
  const result = await compare(timed(a.run), timed(b.run), quick ? 5 : 300, quick ? 2 : 20);
  a.dispose();
  b.dispose();
  return result;
}
