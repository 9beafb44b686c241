import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { digits } from './scripts/digits.ts';

export default defineConfig({
  base: './',
  plugins: [svelte({ configFile: false }), digits()],
  worker: { format: 'es' },
  build: { target: 'es2022', chunkSizeWarningLimit: 2000, assetsInlineLimit: 0 },
});
