/** A registry on this machine that has the packages as they would be published, so that npm resolves them as for a user. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const packages = fileURLToPath(new URL('../packages/', import.meta.url));

interface Published {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly integrity: string;
  readonly tarball: Buffer;
}

/** Packs every package as `npm publish` does, but for scripts that it runs before. */
async function packAll(): Promise<ReadonlyMap<string, Published>> {
  const into = await mkdtemp(join(tmpdir(), 'keepprob-pack-'));
  try {
    const folders = (await readdir(packages)).map(name => join(packages, name));
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', into, ...folders];
    const { stdout } = await promisify(execFile)('npm', args, { cwd: into });
    const packed = JSON.parse(stdout) as { name: string; filename: string; integrity: string }[];
    const published = new Map<string, Published>();
    for (const folder of folders) {
      const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Published['manifest'];
      const { filename, integrity } = packed.find(({ name }) => name === manifest.name)!;
      published.set(manifest.name, { manifest, integrity, tarball: await readFile(join(into, filename)) });
    }
    return published;
  } finally {
    await rm(into, { recursive: true });
  }
}

export interface Registry {
  readonly url: string;
  close(): Promise<void>;
}

export async function openRegistry(): Promise<Registry> {
  const published = await packAll();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '').slice(1);
    const one = published.get(path.replace(/\.tgz$/, ''));
    if (!one) {
      response.writeHead(404).end('{}');
    } else if (path.endsWith('.tgz')) {
      response.end(one.tarball);
    } else {
      const { manifest, integrity } = one;
      const { name, version } = manifest;
      const dist = { tarball: `${url}${encodeURIComponent(name)}.tgz`, integrity };
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } }),
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
