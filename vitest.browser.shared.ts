import { fileURLToPath } from 'node:url';
import { playwright } from '@vitest/browser-playwright';
import type { ViteUserConfig } from 'vitest/config';
import { chromiumOptions } from './chromium.shared.ts';
import { shared } from './vitest.shared.ts';

/** Chromium draws WebGL and WebGPU in software where there is no GPU; the flag gives WebGPU an adapter. */
const launchOptions = { ...chromiumOptions, args: ['--enable-unsafe-webgpu', ...chromiumOptions.args] };

/**
 * Tests in `test/browser`, in Chromium. `dependencies` are named, so that Vite does not find one in mid-run and reload the page.
 */
export const inBrowser = (...dependencies: readonly string[]): ViteUserConfig => ({
  ...shared,
  // a page that is cross-origin isolated may share memory between threads
  server: {
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
  optimizeDeps: {
    include: [
      '@tensorflow/tfjs',
      '@tensorflow/tfjs-core',
      '@keepprob/core > fastest-levenshtein',
      'seedrandom',
      ...dependencies,
    ],
  },
  test: {
    ...shared.test,
    include: ['test/browser/**/*.test.ts'],
    exclude: [],
    // one page for all files: TensorFlow.js is loaded once, and a shader is compiled once
    isolate: false,
    setupFiles: [...(shared.test?.setupFiles ?? []), fileURLToPath(new URL('./vitest.setup.ts', import.meta.url))],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions, actionTimeout: 0 }),
      connectTimeout: 600_000,
      instances: [{ browser: 'chromium' }],
    },
  },
});
