import { inBrowser } from '../../vitest.browser.shared.ts';

export default inBrowser('@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-webgpu');
