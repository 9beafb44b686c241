/** Training that goes wrong, whatever regularizes it, is told as that. */

export interface Health {
  readonly title: string;
  /** Its answers are the same everywhere. */
  readonly isFlat: boolean;
  /** J now, and in the first iteration. */
  readonly cost: number;
  readonly firstCost: number;
}

const named = (found: readonly Health[], all: number): string =>
  found.length === all && all > 1 ? `all ${all} networks` : found.map(({ title }) => `“${title}”`).join(' and ');

/**
 * A sentence, where a network answers the same everywhere, or its J is higher than at the start; else nothing.
 * @param when "iteration 3,000"
 */
export function troubleIn(networks: readonly Health[], learningRate: number, when: string): string {
  const flat = networks.filter(({ isFlat }) => isFlat);
  const raised = networks.filter(({ isFlat, cost, firstCost }) => !isFlat && cost > firstCost);
  const words = [
    flat.length && `the answers of ${named(flat, networks.length)} are the same everywhere`,
    raised.length && `J of ${named(raised, networks.length)} is higher than in the first iteration`,
  ].filter(Boolean);
  // units die of steps that are too long, and of unlucky initial weights
  const cure = flat.length
    ? 'may be too high, or the initial weights unlucky: lower it, or take another seed.'
    : 'is probably too high: lower it and start over.';
  return words.length ? `After ${when} ${words.join(', and ')}. The learning rate, ${learningRate}, ${cure}` : '';
}
