/**
 * Puts the styles of the first page into the page itself: they cannot be missing, and nothing waits for them. What they are set in is asked for at
 * once, so that no text moves when it comes.
 */
import type { Plugin } from 'vite';

const link = /<link rel="stylesheet"[^>]*href="\.\/(assets\/[^"]+\.css)"[^>]*>/g;

/** Addresses in a style sheet are relative to it, and it moves to the page's folder. */
const moved = (css: string): string => css.replaceAll(/url\((["']?)\.\//g, 'url($1./assets/');

/** Letters of English. */
const font = /inter-latin-wght-normal-.*\.woff2$/;

export const withStyles = (): Plugin => ({
  name: 'with-styles',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const files = Object.keys(bundle).filter(name => font.test(name));
      const asked = files.map(name => `<link rel="preload" href="./${name}" as="font" type="font/woff2" crossorigin>`);
      const styled = html.replaceAll(link, (whole, file: string) => {
        const asset = bundle[file];
        if (asset?.type !== 'asset') return whole;
        return `<style>${moved(String(asset.source))}</style>`;
      });
      return styled.replace('</title>', `</title>\n    ${asked.join('\n    ')}`);
    },
  },
});
