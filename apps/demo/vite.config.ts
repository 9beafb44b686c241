import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { ahead } from './scripts/ahead.ts';
import { digits } from './scripts/digits.ts';
import { lightPlots } from './scripts/lightPlots.ts';
import { offline } from './scripts/offline.ts';
import { withStyles } from './scripts/withStyles.ts';

/** Gives the page memory that threads share; it works without, on one thread. */
const headers = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

export default defineConfig({
  base: './',
  plugins: [svelte({ configFile: false }), lightPlots(), digits(), withStyles(), ahead(), offline()],
  server: { headers },
  preview: { headers },
  // cli-progress is imported where there is a terminal only
  worker: { format: 'es', rolldownOptions: { checks: { ineffectiveDynamicImport: false } } },
  // TensorFlow.js' threaded build breaks under Vite's own minifier
  build: { minify: 'esbuild', target: 'es2022', chunkSizeWarningLimit: 2000, assetsInlineLimit: 0 },
});
