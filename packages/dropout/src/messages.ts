/** Messages of this package. Each says what was expected, what came, and what to do. */

export const keepProbOrRate = (owner: string): string =>
  `${owner}: expected exactly one of \`keepProb\` (the share kept) and \`rate\` (the share dropped, 1 − keepProb).`;
