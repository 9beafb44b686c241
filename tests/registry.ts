/** A registry on this machine that has the packages as they would be published, so that npm resolves them as for a user. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

interface Packed {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly tarball: Buffer;
}

async function pack(folder: string, into: string): Promise<Packed> {
  const { stdout } = await promisify(execFile)('npm', ['pack', '--json', '--pack-destination', into], { cwd: folder });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Packed['manifest'];
  return { manifest, tarball: await readFile(join(into, filename)) };
}

export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

export async function openRegistry(): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'keepprob-pack-'));
  const packed = new Map<string, Packed>();
  for (const name of await readdir(packages)) {
    const one = await pack(join(packages, name), folder);
    packed.set(one.manifest.name, one);
  }
  await rm(folder, { recursive: true });

  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const one = packed.get(path.replace(/\.tgz$/, ''));
    if (!one) {
      response.writeHead(404).end('{}');
    } else if (path.endsWith('.tgz')) {
      response.end(one.tarball);
    } else {
      const { name, version } = one.manifest;
      const integrity = `sha512-${createHash('sha512').update(one.tarball).digest('base64')}`;
      const dist = { tarball: `${url}${encodeURIComponent(name)}.tgz`, integrity };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...one.manifest, dist } } }),
      );
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    close: () => new Promise((resolve, reject) => server.close(error => (error ? reject(error) : resolve()))),
  };
}
