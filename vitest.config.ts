/** Every test of the repository, in one run that keeps all cores busy. `npm test` leaves out what `npm run test:long` runs. */
import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { inBrowser } from './vitest.browser.shared.ts';
import { shared } from './vitest.shared.ts';

const workspaces = '{packages/*,apps/*,bench,datasets,examples}';
const long = '**/*.long.test.ts';

const node: TestProjectInlineConfiguration = {
  ...shared,
  test: {
    ...shared.test,
    name: 'node',
    include: [`${workspaces}/test/**/*.test.ts`],
    exclude: [`${workspaces}/test/browser/**`, long],
  },
};

const page = inBrowser(
  '@observablehq/plot',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-layers',
  'fast-check',
  'idb',
);
const browser: TestProjectInlineConfiguration = {
  ...page,
  test: {
    ...page.test,
    name: 'browser',
    include: [process.env.MEASURE ? 'packages/*/test/browser/measure.ts' : 'packages/*/test/browser/**/*.test.ts'],
  },
};

/** What is packed and installed as for a user: no source of ours is imported. */
const packed: TestProjectInlineConfiguration = {
  test: {
    name: 'packed',
    include: ['tests/*.test.ts'],
    exclude: [long],
    globalSetup: ['tests/installed.ts'],
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
  },
};

const longRunning: TestProjectInlineConfiguration = {
  ...shared,
  test: {
    ...shared.test,
    name: 'long',
    include: [`${workspaces}/test/**/*.long.test.ts`, 'tests/*.long.test.ts'],
    exclude: [],
  },
};

export default defineConfig({
  test: { maxWorkers: Math.max(2, availableParallelism()), projects: [node, browser, packed, longRunning] },
});
