import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { digits } from './scripts/digits.ts';

export default defineConfig({
  base: './',
  plugins: [svelte({ configFile: false }), digits()],
  // cli-progress is imported where there is a terminal only
  worker: { format: 'es', rolldownOptions: { checks: { ineffectiveDynamicImport: false } } },
  build: { target: 'es2022', chunkSizeWarningLimit: 2000, assetsInlineLimit: 0 },
});
