/** PostgreSQL and Redis for a test: on loopback, with a data folder of their own, gone afterwards. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Kind = 'postgres' | 'redis';

export interface Server {
  readonly url: string;
  readonly port: number;
  /** Ends at once, as in a power cut, and begins again with the same data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const folderOf = (parent: string): string | undefined =>
  readdirSync(parent, { withFileTypes: true })
    .flatMap(({ name }) => join(parent, name, 'bin'))
    .find(bin => existsSync(join(bin, 'initdb')));

const postgresBin = existsSync('/usr/lib/postgresql') ? folderOf('/usr/lib/postgresql') : undefined;
const redisServer = ['/usr/bin/redis-server', '/usr/local/bin/redis-server'].find(existsSync);

/** Which of them this machine has. `npm test` installs them where it may. */
export const hasServer: Readonly<Record<Kind, boolean>> = {
  postgres: postgresBin !== undefined,
  redis: redisServer !== undefined,
};

export const start = (kind: Kind): Promise<Server> => (kind === 'postgres' ? startPostgres() : startRedis());

const numberOf = (what: '-u' | '-g', user: string): number =>
  Number(execFileSync('id', [what, user], { encoding: 'utf8' }));

async function startPostgres(): Promise<Server> {
  const bin = postgresBin ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'keepprob-postgres-'));
  // it refuses to run as root
  const user = process.getuid?.() === 0 ? { uid: numberOf('-u', 'postgres'), gid: numberOf('-g', 'postgres') } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const port = await freePort();
  const settings = ['-U', 'keepprob', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  execFileSync(join(bin, 'initdb'), ['-D', data, ...settings], { ...user, cwd: folder, stdio: 'ignore' });
  const run = (): ChildProcess =>
    spawn(
      join(bin, 'postgres'),
      ['-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', folder, '-c', 'max_connections=200'],
      { ...user, cwd: folder, stdio: 'ignore' },
    );
  const isUp = (): void =>
    void execFileSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'keepprob'], {
      stdio: 'ignore',
    });
  // ends at once, with the processes that serve connections
  return serve(`postgres://keepprob@127.0.0.1:${port}/postgres`, port, folder, run, isUp, 'SIGQUIT');
}

async function startRedis(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'keepprob-redis-'));
  const port = await freePort();
  const settings = [
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--save',
    '',
  ];
  const run = (): ChildProcess => spawn(redisServer ?? '', settings, { cwd: folder, stdio: 'ignore' });
  const isUp = (): void => {
    const answer = execFileSync(join(dirname(redisServer ?? ''), 'redis-cli'), ['-p', `${port}`, 'ping'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (!answer.includes('PONG')) throw new Error(answer);
  };
  return serve(`redis://127.0.0.1:${port}`, port, folder, run, isUp, 'SIGKILL');
}

async function serve(
  url: string,
  port: number,
  folder: string,
  run: () => ChildProcess,
  isUp: () => void,
  end: NodeJS.Signals,
): Promise<Server> {
  let server = run();
  const up = async (): Promise<void> => {
    for (;;) {
      try {
        return isUp();
      } catch {
        if (server.exitCode !== null) throw new Error(`${url} ended with code ${server.exitCode}`);
        await new Promise(resolve => setTimeout(resolve, 50));
      }
    }
  };
  const down = (): Promise<void> =>
    new Promise(resolve => {
      if (server.exitCode !== null) resolve();
      server.once('exit', () => resolve());
      server.kill(end);
    });
  await up();
  return {
    ...{ url, port },
    async restart() {
      await down();
      server = run();
      await up();
    },
    async stop() {
      await down();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
