/** Finds a browser for the tests, or gets one. */
import { existsSync } from 'node:fs';
import { run } from './shell.mjs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const installed = async () => {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const { chromium } = await import('playwright-core');
  return [...places, chromium.executablePath()].find(path => path && existsSync(path));
};

/** Path of a Chromium. Debian's package when root, else Playwright's own; throws with what to do when neither can be had. */
export async function findBrowser() {
  const found = await installed();
  if (found) return found;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    console.log('No browser found: installing Debian’s chromium.');
    await run('apt-get', ['update'], { quiet: true });
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], {
      quiet: true,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    });
  } else {
    console.log('No browser found: installing Playwright’s.');
    await run('npx', ['playwright-core', 'install', 'chromium']);
  }
  const now = await installed();
  if (now) return now;
  throw new Error(
    'The browser tests need Chromium, and it could not be installed. Install it (`sudo apt-get install chromium`, or your system’s way) ' +
      'or set CHROMIUM_PATH to one, then run `npm test` again.',
  );
}
