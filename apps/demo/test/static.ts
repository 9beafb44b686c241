/** Serves a folder as a static host does: under a path, with no headers of its own. It can be gone for a while. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

export interface StaticHost {
  readonly url: string;
  /** Nobody answers. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function staticHost(folder: string, path = '/some/where/'): Promise<StaticHost> {
  let server: Server | undefined;
  let port = 0;
  async function start(): Promise<void> {
    server = createServer(async (request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const name = pathname.startsWith(path) ? pathname.slice(path.length) || 'index.html' : '';
      const file = join(folder, normalize(name));
      const content = file.startsWith(folder) ? await readFile(file).catch(() => undefined) : undefined;
      if (content === undefined) return response.writeHead(404).end();
      response.writeHead(200, { 'content-type': types[extname(name)] ?? 'application/octet-stream' }).end(content);
    });
    server.listen(port, 'localhost');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  }
  await start();
  return {
    url: `http://localhost:${port}${path}`,
    start,
    async stop() {
      const closed = server && once(server, 'close');
      server?.close();
      server?.closeAllConnections();
      server = undefined;
      await closed;
    },
  };
}
