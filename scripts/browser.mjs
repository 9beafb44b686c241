/** Finds the browsers for the tests, or gets them. */
import { existsSync } from 'node:fs';
import { aptInstall, canInstall } from './apt.mjs';
import { run } from './shell.mjs';

/** The environment of the tests: where the browsers are. Without Chromium it throws; a Firefox that cannot be had is left out, and said. */
export async function findBrowsers() {
  const FIREFOX_PATH = await findFirefox();
  if (FIREFOX_PATH === '') {
    console.log(
      'No Firefox found: its tests are skipped (project `firefox`, and "in Firefox" of the demo). ' +
        'Install it (`sudo apt-get install firefox-esr`, or your system’s way) or set FIREFOX_PATH to one.',
    );
  }
  const CHROMIUM_PATH = await findChromium();
  return { CHROMIUM_PATH, CHROMIUM_SHELL_PATH: (await findShell()) ?? CHROMIUM_PATH, FIREFOX_PATH };
}

/** Path of a Firefox, or '' where none is and none can be had. */
async function findFirefox() {
  const at = () => [process.env.FIREFOX_PATH, '/usr/bin/firefox-esr'].find(path => path && existsSync(path));
  if (!at() && canInstall()) await aptInstall('firefox-esr');
  return at() ?? '';
}

/** Chromium without windows, where Debian has it: a page of it opens in a quarter of the time. Not where another Chromium was asked for. */
async function findShell() {
  if (process.env.CHROMIUM_SHELL_PATH || process.env.CHROMIUM_PATH) return process.env.CHROMIUM_SHELL_PATH;
  const place = '/usr/bin/chromium-headless-shell';
  if (!existsSync(place) && canInstall()) await aptInstall('chromium-headless-shell');
  return existsSync(place) ? place : undefined;
}

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const installed = async () => {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const { chromium } = await import('playwright-core');
  return [...places, chromium.executablePath()].find(path => path && existsSync(path));
};

/** Path of a Chromium. Debian's package when root, else Playwright's own; throws with what to do when neither can be had. */
async function findChromium() {
  const found = await installed();
  if (found) return found;
  if (canInstall()) await aptInstall('chromium');
  else {
    console.log('No Chromium found: installing Playwright’s.');
    await run('npx', ['playwright-core', 'install', 'chromium']);
  }
  const now = await installed();
  if (now) return now;
  throw new Error(
    'The browser tests need Chromium, and it could not be installed. Install it (`sudo apt-get install chromium`, or your system’s way) ' +
      'or set CHROMIUM_PATH to one, then run `npm test` again.',
  );
}
