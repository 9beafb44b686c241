/**
 * The sidebar, which links to a hundred techniques and more. On a phone it is behind a button, and it need not come to life before the page has been touched:
 * until then it costs the phone nothing.
 */

import Sidebar from 'vitepress/dist/client/theme-default/components/VPSidebar.vue';
import { defineAsyncComponent } from 'vue';

const touches = ['pointerdown', 'keydown', 'focusin'];

/** Calls it at once where the sidebar is seen (VitePress has 960 pixels for that), otherwise at the first touch. */
function whenNeeded(hydrate) {
  if (window.matchMedia('(min-width: 960px)').matches) {
    hydrate();
    return undefined;
  }
  const controller = new AbortController();
  const begin = () => {
    controller.abort();
    hydrate();
  };
  for (const touch of touches) document.addEventListener(touch, begin, { capture: true, signal: controller.signal });
  window.addEventListener('resize', begin, { signal: controller.signal });
  return () => controller.abort();
}

export default defineAsyncComponent({ loader: () => Promise.resolve(Sidebar), hydrate: whenNeeded });
