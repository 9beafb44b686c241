import { existsSync } from 'node:fs';
import { playwright } from '@vitest/browser-playwright';
import type { ViteUserConfig } from 'vitest/config';
import { shared } from './vitest.shared.ts';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) throw new Error(`No Chromium at ${executablePath}. Set CHROMIUM_PATH to one.`);

/** Chromium draws WebGL and WebGPU in software where there is no GPU; the first flag gives WebGPU an adapter. */
const args = [
  '--enable-unsafe-webgpu',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

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
    include: ['@tensorflow/tfjs', '@tensorflow/tfjs-core', '@keepprob/core > fastest-levenshtein', ...dependencies],
  },
  test: {
    ...shared.test,
    include: ['test/browser/**/*.test.ts'],
    exclude: [],
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: { executablePath, args } }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
