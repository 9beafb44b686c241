import { inBrowser } from '../../vitest.browser.shared.ts';

const config = inBrowser('@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-webgpu', 'fast-check');

export default process.env.MEASURE
  ? { ...config, test: { ...config.test, include: ['test/browser/measure.ts'] } }
  : config;
