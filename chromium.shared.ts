/** The Chromium of every test in a browser, and how it is started. */
import type { LaunchOptions } from 'playwright-core';

const { CHROMIUM_PATH = '/usr/bin/chromium', CHROMIUM_SHELL_PATH = CHROMIUM_PATH } = process.env;

export const chromiumOptions = {
  executablePath: CHROMIUM_SHELL_PATH,
  // ends what hangs; a machine that is busy may take as long as it needs
  timeout: 600_000,
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ],
} satisfies LaunchOptions;

/** With windows, which alone can be hidden. */
export const windowedChromium = { ...chromiumOptions, executablePath: CHROMIUM_PATH };
export const hasWindows = !/headless/.test(CHROMIUM_PATH);
