/** Every file of the build, missing, broken off and slow, at the first load of a scene that needs it. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenes } from './addresses.ts';
import { openSite, type Site } from './browser.ts';
import { builtFiles, filesLoaded, loadWithout, outcomeOf, type Way, ways } from './loading.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

test('of every file the page says that it is not there, or goes on without; then it goes on with it', async () => {
  const neededBy = new Map<string, string>();
  for (const scene of scenes)
    for (const file of await filesLoaded(site, scene)) if (file && !neededBy.has(file)) neededBy.set(file, scene);
  const files = await builtFiles();
  // fonts of other scripts, other kinds of WebAssembly, what is loaded when it is asked for, and what only windows show
  const unused = files.filter(file => !neededBy.has(file));
  expect(
    unused.filter(
      file =>
        !/\.(woff2|wasm)$|browser-external|assets\/index-.*\.css|Glossary|^icon\.svg$|assets\/(csv|picture)-/.test(
          file,
        ),
    ),
  ).toEqual([]);
  const cases = [...neededBy].flatMap(([file, scene]) =>
    (Object.keys(ways) as Way[]).map(way => ({ file, scene, way })),
  );
  // mostly these wait
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let next = cases.shift(); next; next = cases.shift()) {
        const { file, scene, way } = next;
        const outcome = await loadWithout(site, scene, file, way).catch(String);
        // what is only slow may still come, so that the page waits for it and asks
        const expected = way === 'slow' && /\.wasm$/.test(file) ? 'asks to try again' : outcomeOf(file);
        expect.soft(outcome, `${file} ${way}`).toBe(expected);
      }
    }),
  );
});
