import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import llms from 'vitepress-plugin-llms';
import { anchorOf } from '../scripts/markdown.mjs';
import { imageSizes } from './imageSizes.mjs';

const GITHUB = 'https://github.com/keepprob/keepprob';
const description =
  'Regularization for TensorFlow.js: dropout, L2, max-norm, augmentation, averaging, and what they do to your network';

/** Written without the API, which takes longest (`node scripts/write.mjs --no-api`), the pages lead there all the same. */
const hasApi = existsSync(new URL('../.site/api', import.meta.url));

const base = process.env.DOCS_BASE ?? '/';

/** A cell without a word is no heading. */
function emptyHeadings(md) {
  md.core.ruler.push('empty-headings', ({ tokens }) => {
    for (const [at, token] of tokens.entries()) {
      if (token.type !== 'th_open' || tokens[at + 1]?.content !== '') continue;
      for (const tag of [token, tokens[at + 2]]) tag.tag = 'td';
    }
  });
}

export default defineConfig({
  title: 'keepprob',
  description,
  // GitHub serves the site under the name of the repository
  base,
  head: [['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }]],
  srcDir: '.site',
  outDir: 'dist',
  cacheDir: '.cache',
  lang: 'en',
  metaChunk: true,
  ignoreDeadLinks: [/^https?:\/\/(localhost|127\.0\.0\.1)/, ...(hasApi ? [] : [/^\/api\//])],
  markdown: {
    config: md => {
      emptyHeadings(md);
      imageSizes(md);
    },
    languageAlias: { cjs: 'js' },
    anchor: { slugify: anchorOf },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    nav: [
      { text: 'Guides', link: '/guides/stock-fit', activeMatch: '^/(guides|packages)/' },
      { text: 'Techniques', link: '/techniques/', activeMatch: '^/techniques/' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Authors', link: '/authors/', activeMatch: '^/authors/' },
      { text: 'Learn', link: '/learn/', activeMatch: '^/(learn|measured)/' },
    ],
    sidebar: JSON.parse(readFileSync(new URL('../.site/sidebar.json', import.meta.url), 'utf8')),
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: GITHUB }],
    footer: { message: 'Apache-2.0' },
  },
  vite: {
    resolve: {
      // as VitePress has it for parts of its theme
      alias: [
        {
          find: /^\.\/components\/VPSidebar\.vue$/,
          replacement: fileURLToPath(new URL('theme/Sidebar.js', import.meta.url)),
        },
      ],
    },
    plugins: [
      llms({
        domain: 'https://keepprob.github.io/keepprob',
        title: 'keepprob',
        description,
        // the page of a door lists them
        ignoreFilesPerOutput: { llmsTxt: ['api/*-[A-Z]*-*.md'] },
      }),
    ],
    build: { chunkSizeWarningLimit: 4000 },
  },
});
