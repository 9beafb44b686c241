import { inBrowser } from '../../vitest.browser.shared.ts';

export default inBrowser('@tensorflow/tfjs-backend-webgpu');
