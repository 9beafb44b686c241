/** The Chromium of every test in a browser, and how it is started. */
import type { LaunchOptions } from 'playwright-core';

export const chromiumOptions = {
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
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
