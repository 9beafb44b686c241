import { inBrowser } from '../../vitest.browser.shared.ts';

export default inBrowser('@tensorflow/tfjs-layers', '@tensorflow/tfjs-backend-cpu', 'fflate', 'h5wasm');
