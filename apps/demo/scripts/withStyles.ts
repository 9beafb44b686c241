/** Puts the styles of the first page into the page itself: they cannot be missing, and nothing waits for them. */
import type { Plugin } from 'vite';

const link = /<link rel="stylesheet"[^>]*href="\.\/(assets\/[^"]+\.css)"[^>]*>/g;

/** Addresses in a style sheet are relative to it, and it moves to the page's folder. */
const moved = (css: string): string => css.replaceAll(/url\((["']?)\.\//g, 'url($1./assets/');

export const withStyles = (): Plugin => ({
  name: 'with-styles',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      return html.replaceAll(link, (whole, file: string) => {
        const asset = bundle[file];
        if (asset?.type !== 'asset') return whole;
        return `<style>${moved(String(asset.source))}</style>`;
      });
    },
  },
});
