/**
 * The page in Firefox, on several threads. It is driven by a script of its own: under WebDriver BiDi, Firefox 153 hangs now and then in a worker that
 * starts another one, as TF.js' threads do.
 */
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { PreviewServer } from 'vite';
import { expect, onTestFinished, test } from 'vitest';
import { firefoxPath, hasFirefox } from '../../../firefox.shared.ts';
import { root, serveDemo } from './browser.ts';

interface Told {
  /** Epochs shown when the page had come to rest after Pause. */
  readonly held: number;
  /** Epochs shown, and the accuracy without regularization, some time after Resume. */
  readonly shown: number;
  readonly accuracy: number;
  readonly runtime: string;
  readonly complaints: readonly string[];
}

/** Runs in the page, before anything else in it. */
function drive(): void {
  const complaints: string[] = [];
  for (const kind of ['error', 'warn'] as const) console[kind] = (...words) => complaints.push(words.join(' '));
  addEventListener('error', event => complaints.push(event.message || 'a file did not come'), true);
  addEventListener('unhandledrejection', event => complaints.push(String(event.reason)));

  const textOf = (id: string): string => document.querySelector(`[data-testid=${id}]`)?.textContent ?? '';
  const epochs = (): number => Number(/^epoch (\d+):/.exec(textOf('readout'))?.[1] ?? 0);
  const accuracy = (): number => Number.parseFloat(textOf('validation-accuracy-plain'));
  const frames = async (count: number): Promise<void> => {
    for (; count > 0; count--) await new Promise(resolve => requestAnimationFrame(resolve));
  };
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await frames(1);
  };
  const click = async (name: string): Promise<void> => {
    const button = () =>
      [...document.querySelectorAll('button')].find(({ textContent }) => textContent?.trim() === name);
    await until(() => button() !== undefined);
    button()?.click();
  };

  void (async () => {
    await until(() => epochs() >= 2);
    await click('Pause');
    let [held, before] = [0, -1];
    // what was done before the pause may still come
    while (held !== before) {
      await frames(30);
      [held, before] = [epochs(), held];
    }
    await click('Resume');
    await until(() => epochs() >= held + 3 && accuracy() > 50);
    const told = { held, shown: epochs(), accuracy: accuracy(), runtime: textOf('runtime'), complaints };
    await fetch('/told', { method: 'POST', body: JSON.stringify(told) });
  })();
}

/** Serves the demo with the script in it; `tell` gets what it found. */
const driven = (tell: (told: Told) => void) => ({
  name: 'driven',
  configurePreviewServer({ middlewares }: PreviewServer) {
    middlewares.use(async (request, response, next) => {
      if (request.url === '/told') {
        tell(JSON.parse(await text(request)));
        response.end();
      } else if (request.url === '/') {
        const page = await readFile(`${root}/dist/index.html`, 'utf8');
        response.setHeader('content-type', 'text/html');
        response.end(page.replace('<head>', `<head><script>(${drive})()</script>`));
      } else next();
    });
  },
});

test.skipIf(!hasFirefox)(
  'in Firefox it trains by itself, pauses, resumes, and complains of nothing',
  async () => {
    const told = new EventEmitter<{ told: [Told] }>();
    const server = await serveDemo([driven(found => told.emit('told', found))]);
    onTestFinished(() => server.close());
    const profile = await mkdtemp(join(tmpdir(), 'keepprob-firefox-'));
    // motion is welcome, so it begins by itself; long enough that it can be paused
    const url = `${server.url}#/digits?trainSize=5000&epochs=200`;
    const browser = spawn(firefoxPath, ['--headless', '--no-remote', '--profile', profile, url], { stdio: 'ignore' });
    onTestFinished(async () => {
      const exit = once(browser, 'exit');
      browser.kill();
      await exit;
      await rm(profile, { recursive: true, force: true });
    });
    const [found] = await once(told, 'told');
    expect(found).toMatchObject({ complaints: [], runtime: expect.stringMatching(/WebAssembly/) });
    expect(found.held).toBeLessThan(200);
    expect(found.shown).toBeGreaterThanOrEqual(found.held + 3);
  },
  // ends what hangs
  600_000,
);
