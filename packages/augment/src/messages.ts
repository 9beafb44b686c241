/** Messages of this package. Each says what was expected, what came, and what to do. */

export const batchOnly = (owner: string, plugin: string, hook: string | undefined): string =>
  `${owner} takes plugins that act only on batches (mixup, randomFlip, …). Plugin "${plugin}" has ${hook ? `the hook \`${hook}\`` : 'no hook `batch`'}.`;
