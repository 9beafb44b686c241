/** Folders served over HTTP as any static host does it, and a Chromium that opens pages of them. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { chromiumOptions } from '../chromium.shared.ts';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** What gives a page memory that is shared between threads, and TF.js its threads. */
const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

export interface Site {
  readonly url: string;
  close(): void;
}

export interface Served {
  /** Folders under other paths. */
  readonly mounts?: Readonly<Record<string, string>>;
  /** Cross-origin isolated. */
  readonly isolated?: boolean;
  /** The Content-Security-Policy. */
  readonly policy?: string;
}

/** Serves `folder` at the root of a port, and other folders under the paths that `mounts` names. */
export async function serve(
  folder: string,
  { mounts = {}, isolated = false, policy = '' }: Served = {},
): Promise<Site> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const mount = Object.keys(mounts).find(name => path.startsWith(name));
    const file = mount
      ? join(mounts[mount]!, path.slice(mount.length))
      : join(folder, path.replace(/\/$/, '/index.html'));
    if (path === '/favicon.ico') return void response.writeHead(204).end();
    readFile(file).then(
      content => {
        const type = types[extname(file)] ?? 'application/octet-stream';
        const headers = { ...(isolated && isolation), ...(policy && { 'content-security-policy': policy }) };
        response.writeHead(200, { 'content-type': type, ...headers }).end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export const openBrowser = (): Promise<Browser> => chromium.launch(chromiumOptions);

/** Opens a page and waits for what it leaves in `window.__result`; whatever goes wrong in it is thrown or in `complaints`. */
export async function visit<Result>(browser: Browser, url: string): Promise<{ result: Result; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', message => {
    // Chromium finds reading from WebGL slow
    const isNoise = message.text().includes('GPU stall due to ReadPixels');
    if (!isNoise && ['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', error => complaints.push(`${error}`));
  page.on('response', response => {
    if (response.status() >= 400) complaints.push(`${response.url()}: ${response.status()}`);
  });
  try {
    // ends what hangs
    page.setDefaultTimeout(600_000);
    await page.goto(url);
    // `waitForFunction` evaluates text in the page, which a policy may forbid
    const result = await page.evaluate(async () => {
      const left = globalThis as { __result?: unknown };
      while (!left.__result) await new Promise(resolve => setTimeout(resolve, 20));
      return left.__result;
    });
    return { result: result as Result, complaints };
  } catch (error) {
    throw new Error(`${url}: ${error}\n${complaints.join('\n')}`);
  } finally {
    await page.close();
  }
}
