/** Messages of this package. Each says what was expected, what came, and what to do. */

export const dropoutsOfOneName = (owner: string, name: string, paths: readonly string[]): string =>
  `${owner}: the model has several layers "${name}": ${paths.join(', ')}. Name the one that you mean by its path.`;

export const keepProbOrRate = (owner: string): string =>
  `${owner}: expected exactly one of \`keepProb\` (the share kept) and \`rate\` (the share dropped, 1 − keepProb).`;
