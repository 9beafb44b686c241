/** The Firefox of the tests in a browser, if there is one, and how it is started. */
import { existsSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';

const path = process.env.FIREFOX_PATH || '/usr/bin/firefox-esr';

/** Whether there is a Firefox: FIREFOX_PATH, else Debian's. Tests in it are skipped, by name, where there is none. */
export const hasFirefox = existsSync(path);

export async function openFirefox(): Promise<Browser> {
  const { launch } = await import('puppeteer-core');
  return launch({
    browser: 'firefox',
    executablePath: path,
    // ends what hangs; a machine that is busy may take as long as it needs
    timeout: 600_000,
    protocolTimeout: 1_800_000,
  });
}
