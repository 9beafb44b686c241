/** What the course's lab came to over several draws of its points, in the words of docs/lab.md, which are made there from the runs. */
import page from '../../../../../docs/lab.md?raw';

export type Comparison = 'L2 against none' | 'dropout against none' | 'dropout against L2';

/** "fewer errors on draws 1 and 2; cannot tell on draw 3; over the draws −1.03 (−1.55 … −0.52) points." Of 5,000 further points. */
export function measuredOf(comparison: Comparison): string {
  const line = page.split('\n').find(own => own.startsWith(`- **${comparison}.**`)) ?? '';
  const [, words] = line.split('5,000 further points: ');
  if (!words) throw new Error(`docs/lab.md does not tell of ${comparison} on 5,000 further points.`);
  return words;
}
