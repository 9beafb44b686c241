/** The regularized network of this scene, for the command line. */
import { configOf, type ForCommandLine, furtherSeeds, otherWeights } from '../../stage/commandLine.ts';
import { decodeDigits, type RawDigits } from './file.ts';
import type { Settings } from './params.ts';
import { sizes } from './reports.ts';

/** One row for each digit: p1 to p784, 0 to 255, and the digit that it is. */
export function digitsCsv({ pixels, labels }: RawDigits, count: number): string {
  const head = `${Array.from({ length: sizes.input }, (_, i) => `p${i + 1}`).join()},digit\n`;
  const rows = Array.from(labels.subarray(0, count), (label, i) => {
    const row = pixels.subarray(i * sizes.input, (i + 1) * sizes.input);
    return `${row.join()},${label}\n`;
  });
  return head + rows.join('');
}

/** @param base the page's address, which has the digits beside it */
export function forCommandLine(settings: Settings, base: string): ForCommandLine {
  const { keepProbInput, keepProb1, keepProb2, lambda, maxNorm, learningRate, trainSize, epochs, seed } = settings;
  async function digits(): Promise<ReturnType<typeof decodeDigits>> {
    const response = await fetch(new URL('mnist.bin', base));
    if (!response.ok) throw new Error(`the server answers ${response.status}.`);
    return decodeDigits(await response.arrayBuffer());
  }
  const config = (): string =>
    configOf({
      keepProbInput,
      hidden: [
        { units: sizes.hidden1, keepProb: keepProb1 },
        { units: sizes.hidden2, keepProb: keepProb2 },
      ],
      output: { units: sizes.output, activation: 'softmax' },
      more: {
        data: {
          train: { csv: 'train.csv' },
          validation: { csv: 'dev.csv' },
          label: 'digit',
          classes: 10,
          scale: { divideBy: 255 },
        },
        loss: 'categoricalCrossentropy',
        metrics: ['accuracy'],
        optimizer: { name: 'adam', learningRate },
        plugins: [
          ...(lambda > 0 ? [{ plugin: 'l2', strength: lambda }] : []),
          ...(maxNorm > 0 ? [{ plugin: 'maxNorm', maxNorm }] : []),
        ],
        epochs,
        batchSize: 50,
        seed,
      },
    });
  return {
    command: 'train',
    files: [
      { name: 'keepprob.json', text: config },
      { name: 'train.csv', text: async () => digitsCsv((await digits()).train, trainSize) },
      { name: 'dev.csv', text: async () => digitsCsv((await digits()).validation, 2000) },
    ],
    note: `It trains the regularized network. ${otherWeights}${furtherSeeds(settings)}`,
  };
}
