/** The Firefox of the tests in a browser, if there is one, and how it is started. */
import { existsSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';

/** FIREFOX_PATH, else Debian’s. */
export const firefoxPath = process.env.FIREFOX_PATH || '/usr/bin/firefox-esr';

/** Tests in a Firefox are skipped, by name, where there is none. */
export const hasFirefox = existsSync(firefoxPath);

export async function openFirefox(): Promise<Browser> {
  const { launch } = await import('puppeteer-core');
  return launch({
    browser: 'firefox',
    executablePath: firefoxPath,
    // ends what hangs; a machine that is busy may take as long as it needs
    timeout: 600_000,
    protocolTimeout: 1_800_000,
  });
}
