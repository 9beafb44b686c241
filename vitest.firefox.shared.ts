/** Vitest's tests in Firefox: its own providers bring a Firefox of theirs or ask for a driver, this one takes the system's. */
import { defineBrowserProvider } from '@vitest/browser';
import type { Browser, Page } from 'puppeteer-core';
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node';
import { openFirefox } from './firefox.shared.ts';

class FirefoxProvider implements BrowserProvider {
  readonly name = 'puppeteer';
  readonly supportsParallelism = false;
  readonly #pages = new Map<string, Page>();
  #browser: Promise<Browser> | undefined;

  getCommandsContext(session: string): Record<string, unknown> {
    return { page: this.#pages.get(session) };
  }

  async openPage(session: string, url: string): Promise<void> {
    this.#browser ??= openFirefox();
    const browser = await this.#browser;
    await this.#pages.get(session)?.close();
    const page = await browser.newPage();
    this.#pages.set(session, page);
    await page.goto(url, { timeout: 0 });
  }

  async close(): Promise<void> {
    await (await this.#browser)?.close();
  }
}

export const firefox = (): BrowserProviderOption =>
  defineBrowserProvider({
    name: 'puppeteer',
    supportedBrowser: ['firefox'],
    providerFactory: () => new FirefoxProvider(),
  });
