/**
 * The page's service worker: keeps the whole build, so that the page works without a connection after the first visit. A build is served whole or not
 * at all: the files of another one wait until no page of this one is open, or until the visitor asks for it.
 */
import { clientsClaim } from 'workbox-core';
import { addPlugins, cleanupOutdatedCaches, precacheAndRoute } from 'workbox-precaching';

declare const self: { skipWaiting(): Promise<void> };
/** The files of the build, each with what changes when it does. Put in when the page is built: scripts/offline.ts. */
declare const __FILES__: { readonly url: string; readonly revision: string | null }[];

/** Where a server sends no headers of its own, as on static hosts, these give the page memory that threads share. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

function isolated(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(isolation)) headers.set(name, value);
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}

addPlugins([{ handlerWillRespond: async ({ response }) => isolated(response) }]);
precacheAndRoute(__FILES__, { ignoreURLParametersMatching: [/./] });
cleanupOutdatedCaches();
clientsClaim();

addEventListener('message', ({ data }) => {
  if (data === 'take over') void self.skipWaiting();
});
