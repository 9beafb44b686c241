/**
 * Asks for the program of the page in the address at once, together with the one that all pages have: that would ask for it only when it is here
 * itself, which takes a slow line a way there and back more.
 */
import type { Plugin, Rolldown } from 'vite';

/** The module of a page, and its name in the address. */
const page = /\/src\/(?:scenes\/(\w+)\/Scene|(glossary)\/Glossary)\.svelte$/;

type Bundle = Readonly<Record<string, Rolldown.OutputChunk | Rolldown.OutputAsset>>;

/** A chunk with all that it imports, and the styles of these. */
function filesOf(bundle: Bundle, name: string, found = new Set<string>()): Set<string> {
  const chunk = bundle[name];
  if (chunk?.type !== 'chunk' || found.has(name)) return found;
  found.add(name);
  for (const style of chunk.viteMetadata?.importedCss ?? []) found.add(style);
  for (const imported of chunk.imports) filesOf(bundle, imported, found);
  return found;
}

/** By page, the files that it needs besides those of every page. */
export function pagesIn(bundle: Bundle): Record<string, string[]> {
  const chunks = Object.values(bundle).filter(file => file.type === 'chunk');
  const everywhere = new Set(
    chunks.filter(({ isEntry }) => isEntry).flatMap(({ fileName }) => [...filesOf(bundle, fileName)]),
  );
  return Object.fromEntries(
    chunks.flatMap(({ fileName, facadeModuleId }) => {
      const [, scene, other] = page.exec(facadeModuleId ?? '') ?? [];
      const name = scene ?? other;
      return name ? [[name, [...filesOf(bundle, fileName)].filter(file => !everywhere.has(file))]] : [];
    }),
  );
}

/** Runs in the page, before all else. What does not come is said by whoever needs it. */
const ask = (pages: Record<string, string[]>): void => {
  const [, name = ''] = /^#\/?(\w+)/.exec(location.hash) ?? [];
  for (const file of Object.hasOwn(pages, name) ? (pages[name] ?? []) : []) {
    const isStyle = file.endsWith('.css');
    const link = Object.assign(document.createElement('link'), {
      rel: isStyle ? 'preload' : 'modulepreload',
      href: `./${file}`,
    });
    if (isStyle) link.as = 'style';
    // as Vite asks for them, or they would be fetched again
    link.crossOrigin = '';
    link.dataset.ahead = '';
    document.head.append(link);
  }
};

export const ahead = (): Plugin => ({
  name: 'ahead',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { bundle = {} }) => [
      { tag: 'script', children: `(${ask})(${JSON.stringify(pagesIn(bundle))})`, injectTo: 'head' },
    ],
  },
});
