/** Measures how good class probabilities are. */
import { auc } from './auc.ts';
import { type Calibration, calibrationOf } from './calibration.ts';
import { type Estimate, meanOf, proportion } from './intervals.ts';

export interface ClassScores {
  readonly name: string;
  readonly rows: number;
  /** The share of rows predicted to be of the class that are. */
  readonly precision: Estimate;
  /** The share of rows of the class that are predicted to be of it. */
  readonly recall: Estimate;
}

export interface Classification {
  readonly kind: 'classification';
  /** The name of the label, if there are several. */
  readonly label?: string;
  readonly rows: number;
  readonly accuracy: Estimate;
  /** The accuracy of always predicting the most frequent class. */
  readonly baseline: { readonly name: string; readonly accuracy: number };
  /** Mean of −ln p of the true class. */
  readonly logLoss: Estimate;
  /** Mean of Σ over classes (p − y)². */
  readonly brier: Estimate;
  /** Only for two classes. */
  readonly auc?: Estimate;
  readonly classes: readonly ClassScores[];
  /** Rows by the true class, then by the predicted one. */
  readonly confusion: readonly (readonly number[])[];
  readonly calibration: Calibration;
}

/** The smallest probability, since 0 for the true class would give an infinite loss; TF.js clips it, too. */
const SMALLEST = 1e-7;

/**
 * @param probabilities [rows, classes]
 * @param truth the class of each row
 */
export function classificationOf(
  probabilities: ArrayLike<number>,
  truth: ArrayLike<number>,
  names: readonly string[],
): Classification {
  const [rows, k] = [truth.length, names.length];
  const p = (row: number, c: number): number => probabilities[row * k + c] ?? Number.NaN;
  const confusion = names.map(() => new Array<number>(k).fill(0));
  const confidence = new Float64Array(rows);
  const losses = new Float64Array(rows);
  const squares = new Float64Array(rows);
  const isRight: boolean[] = [];
  for (let row = 0; row < rows; row++) {
    const actual = truth[row] ?? 0;
    let best = 0;
    for (let c = 0; c < k; c++) {
      if (p(row, c) > p(row, best)) best = c;
      squares[row] = (squares[row] ?? 0) + (p(row, c) - (c === actual ? 1 : 0)) ** 2;
    }
    confidence[row] = p(row, best);
    losses[row] = -Math.log(Math.max(SMALLEST, p(row, actual)));
    isRight.push(best === actual);
    const counts = confusion[actual];
    if (counts) counts[best] = (counts[best] ?? 0) + 1;
  }
  const sizes = confusion.map(counts => sum(counts));
  const largest = sizes.indexOf(Math.max(...sizes));
  const isPositive = Array.from(truth, actual => actual === 1);
  const scores = isPositive.map((_, row) => p(row, 1));
  const area = k === 2 ? auc(scores, isPositive) : undefined;
  return {
    kind: 'classification',
    rows,
    accuracy: proportion(isRight.filter(Boolean).length, rows),
    baseline: { name: names[largest] ?? '', accuracy: (sizes[largest] ?? 0) / rows },
    logLoss: meanOf(losses, 0),
    brier: meanOf(squares, 0),
    ...(area && { auc: area }),
    classes: names.map((name, c) => {
      const hits = confusion[c]?.[c] ?? 0;
      const predicted = sum(confusion.map(counts => counts[c] ?? 0));
      return {
        name,
        rows: sizes[c] ?? 0,
        precision: proportion(hits, predicted),
        recall: proportion(hits, sizes[c] ?? 0),
      };
    }),
    confusion,
    calibration: calibrationOf(confidence, isRight),
  };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
