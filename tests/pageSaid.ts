/** What a page of a guide says. */
import type { Browser } from 'playwright-core';
import { visit } from './site.ts';

/** What a page says in the end, and what goes wrong in it, is what comes out of it; what `fit` says of its epochs is not. */
export const listening = `<script>
  console.log = said => { if (!/^epoch /.test(said)) globalThis.__result ??= { said: String(said) }; };
  const fails = error => { globalThis.__result ??= { said: String(error) }; };
  addEventListener('error', ({ message }) => fails(message));
  addEventListener('unhandledrejection', ({ reason }) => fails(reason));
</script>`;

/** What a page that listens has said. */
export const saidIn = async (browser: Browser, url: string): Promise<string> =>
  (await visit<{ said: string }>(browser, url)).result.said;
