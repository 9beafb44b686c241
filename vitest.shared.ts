import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

const packages = fileURLToPath(new URL('./packages', import.meta.url));
const seed = fileURLToPath(new URL('./vitest.seed.ts', import.meta.url));

/**
 * Tests run on the sources of every package (one instance of each module, no build needed);
 * what is built and packed is proved by tests/consumers.
 */
export const shared: ViteUserConfig = {
  resolve: {
    alias: [
      // in Node its main door reads and writes folders, too, as package.json has it
      { find: /^@keepprob\/search$/, replacement: `${packages}/search/src/index.node.ts` },
      { find: /^@keepprob\/(?!datasets)([a-z0-9]+)\/([a-z0-9]+)$/, replacement: `${packages}/$1/src/$2.ts` },
      { find: /^@keepprob\/(?!datasets|demo|examples|bench)([a-z0-9]+)$/, replacement: `${packages}/$1/src/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: [seed],
    // these run in a browser: vitest.browser.shared.ts
    exclude: ['test/browser/**', '**/*.long.test.ts'],
    // ends what hangs; a machine that is busy may take as long as it needs
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    passWithNoTests: false,
  },
};
