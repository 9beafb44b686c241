/** Every test of the repository, in one run that keeps all cores busy. `npm test` leaves out what `npm run test:long` runs. */
import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { hasFirefox } from './firefox.shared.ts';
import { inBrowser } from './vitest.browser.shared.ts';
import { firefox } from './vitest.firefox.shared.ts';
import { shared } from './vitest.shared.ts';

const workspaces = '{packages/*,apps/*,bench,datasets,examples}';
const long = '**/*.long.test.ts';
/** Of those in a process of their own, what may share one. */
const kernels = [
  'packages/kernels/test/{conv,conv3d,copy,dropout,layers,matMul,noise,optimizerState,pool,pool3d,reduce,statistics,update,warp,winograd}.test.ts',
  'packages/kernels/test/fused/*.test.ts',
  'packages/kernels/test/gradients/{activations,derivatives,edges,firstLayers,layers,normalize}.test.ts',
  'packages/kernels/test/recurrent/{coverage,layers,masks,sequence}.test.ts',
];
const apart = [
  'packages/kernels/test/{*,fused/*,gradients/*,lifecycle/*,recurrent/*}.test.ts',
  'packages/core/test/copies.test.ts',
  'packages/trainer/test/stock/table.test.ts',
];

/** In a few processes that run one file after another: loading TensorFlow.js takes a second, and most files less. */
const node: TestProjectInlineConfiguration = {
  ...shared,
  test: {
    ...shared.test,
    name: 'node',
    include: [`${workspaces}/test/**/*.test.ts`],
    exclude: [`${workspaces}/test/browser/**`, ...apart, long],
    isolate: false,
    setupFiles: [...(shared.test?.setupFiles ?? []), 'vitest.setup.ts'],
  },
};

/** Kernels by themselves: one after another they start the same WASM backend, whose memory they watch. */
const onOneBackend: TestProjectInlineConfiguration = {
  ...shared,
  test: {
    ...shared.test,
    name: 'kernels',
    include: kernels,
    exclude: [long],
    isolate: false,
    setupFiles: [...(shared.test?.setupFiles ?? []), 'vitest.setup.ts'],
  },
};

/** In a process for each file: kernels watch the memory of the WASM backend, and start it in other ways; copies of core are loaded again; what TensorFlow.js does by itself. */
const alone: TestProjectInlineConfiguration = {
  ...shared,
  test: { ...shared.test, name: 'apart', include: apart, exclude: [...kernels, long] },
};

/** Anew for each project: vitest names what it is given. */
const page = (): ViteUserConfig =>
  inBrowser(
    '@observablehq/plot',
    '@tensorflow/tfjs-backend-cpu',
    '@tensorflow/tfjs-backend-wasm',
    '@tensorflow/tfjs-backend-webgl',
    '@tensorflow/tfjs-backend-webgpu',
    '@tensorflow/tfjs-layers',
    'fast-check',
    'idb',
  );
const browser: TestProjectInlineConfiguration = {
  ...page(),
  test: {
    ...page().test,
    name: 'browser',
    include: [process.env.MEASURE ? 'packages/*/test/browser/measure.ts' : 'packages/*/test/browser/**/*.test.ts'],
    exclude: ['packages/trainer/test/browser/{growth,quota}.test.ts'],
  },
};

/** Firefox runs the tests that need neither WebGL nor Chromium's protocol. */
const inFirefox = (name: string, include: string[]): TestProjectInlineConfiguration => ({
  ...page(),
  test: {
    ...page().test,
    name,
    include,
    browser: { ...page().test?.browser, enabled: true, provider: firefox(), instances: [{ browser: 'firefox' }] },
  },
});
const firefoxes: readonly TestProjectInlineConfiguration[] = [
  inFirefox('firefox', [
    'packages/{core,dropout}/test/browser/*.test.ts',
    'packages/trainer/test/browser/{indexedDBStore,knownRun}.test.ts',
  ]),
  inFirefox('long-firefox', ['packages/trainer/test/browser/worker.test.ts']),
];

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
    env: { CASES: 'all' },
  },
};

/** What takes few cases or steps in a browser, with all of them. */
const longInBrowser: TestProjectInlineConfiguration = {
  ...page(),
  test: {
    ...page().test,
    name: 'long-browser',
    include: [
      'packages/kernels/test/browser/{exact,gradients,large}.test.ts',
      'packages/lens/test/browser/report.test.ts',
      'packages/trainer/test/browser/{growth,knownRun,quota,webgl,webgpu,worker}.test.ts',
    ],
    env: { CASES: 'all' },
  },
};

/**
 * First what takes longest for a file, last the many that share a process, so that all cores end at about the same time. What is packed is
 * installed meanwhile.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project }: TestSpecification): number =>
      ['apart', 'packed', 'kernels', 'node'].indexOf(project.name);
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    // one more than there are cores: many a test waits, for a browser or for another process
    maxWorkers: 1 + Math.max(2, availableParallelism()),
    sequence: { sequencer: LongestFirst },
    projects: [
      node,
      onOneBackend,
      alone,
      browser,
      ...(hasFirefox ? firefoxes : []),
      packed,
      longRunning,
      longInBrowser,
    ],
  },
});
