/**
 * A lock that only one run on this machine can hold: a listening local socket. It is released when the thread or process that holds it ends, for whatever reason. A
 * file with the number of a process would stay behind when the process is killed, and could not tell a dead worker from a live one.
 */
import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { CheckpointError } from '../errors.ts';
import * as messages from '../messages.ts';
import { codeOf } from './folder.ts';

/** Releases the lock. */
export type Release = () => Promise<void>;

/**
 * Locks a folder, which need not exist yet. If sockets are not allowed, nothing is locked.
 * @throws CheckpointError `inUse` if another run holds the lock
 */
export async function holdFolder(path: string): Promise<Release> {
  const name = socketOf(realPath(resolve(path)));
  const server = (await listening(name)) ?? ((await isStale(name)) ? await listening(name) : undefined);
  if (!server) throw new CheckpointError('inUse', messages.inUse(path));
  return () => new Promise(done => (server === 'none' ? done() : server.close(() => done())));
}

/** Follows symbolic links in the part of the path that exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), path.slice(dirname(path).length));
  }
}

/** Linux and Windows have sockets without a file, which vanish with their process. */
function socketOf(path: string): string {
  const name = `keepprob-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** A server with this name; undefined if there is one already, 'none' if sockets are not available. It does not keep the process alive. */
const listening = (name: string): Promise<Server | 'none' | undefined> =>
  new Promise(done => {
    const server = createServer(socket => socket.destroy());
    server.once('error', error => done(codeOf(error) === 'EADDRINUSE' ? undefined : 'none'));
    server.listen({ path: name, exclusive: true }, () => {
      server.unref();
      done(server);
    });
  });

/** Whether a socket is a file that no process listens on; such a file is removed. */
async function isStale(name: string): Promise<boolean> {
  if (!name.endsWith('.sock')) return false;
  const isAlive = await new Promise<boolean>(done => {
    const socket = connect(name, () => done(true)).once('error', error => done(codeOf(error) !== 'ECONNREFUSED'));
    socket.once('close', () => socket.destroy());
  });
  if (!isAlive) rmSync(name, { force: true });
  return !isAlive;
}
