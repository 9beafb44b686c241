/** What diagnose tells. */
import type { Finding } from '../finding/finding.ts';
import type { Judgement } from './judge.ts';
import type { Observed } from './observed.ts';

/** What `diagnose` found. */
export interface Diagnosis
  extends Finding,
    Judgement,
    Pick<Observed, 'validation' | 'errorRate' | 'curves' | 'dropout' | 'warnings'>,
    Pick<Observed['evidence'], 'train' | 'gap' | 'baseline' | 'target' | 'falls'> {
  /** What to do, first things first. */
  readonly advice: readonly string[];
  /** Validation rows that would tell, where the gap cannot be told. */
  readonly rowsToDecide: number | null;
}
