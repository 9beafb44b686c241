/** The type of the result of `diagnose`. */
import type { Finding } from '../finding/finding.ts';
import type { Judgement } from './judge.ts';
import type { Observed } from './observed.ts';

/** The result of `diagnose`. */
export interface Diagnosis
  extends Finding,
    Judgement,
    Pick<Observed, 'validation' | 'errorRate' | 'curves' | 'dropout' | 'warnings'>,
    Pick<Observed['evidence'], 'train' | 'gap' | 'baseline' | 'target' | 'falls'> {
  /** What to do, most important first. */
  readonly advice: readonly string[];
  /** How many validation rows would decide, if the gap is undecided; null otherwise. */
  readonly rowsToDecide: number | null;
}
