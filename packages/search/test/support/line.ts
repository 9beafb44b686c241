/** A line between a client and a server of this machine that can freeze: bytes wait, connections stay open, and neither side hears of it. */
import { connect, createServer, type Socket } from 'node:net';

export interface Line {
  /** The address of the server, by way of the line. */
  readonly url: string;
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export async function lineTo(address: string): Promise<Line> {
  const to = new URL(address);
  const target = { port: Number(to.port), host: to.hostname, allowHalfOpen: true };
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];
  let isFrozen = false;
  const whenThawed = (f: () => void): void => void (isFrozen ? waiting.push(f) : f());

  const joined = (from: Socket, other: Socket): void => {
    sockets.add(from);
    if (isFrozen) from.pause();
    from.on('data', bytes => other.write(bytes));
    // an end is news, too
    from.on('end', () => whenThawed(() => other.end()));
    from.on('error', () => whenThawed(() => other.destroy()));
    from.on('close', () => sockets.delete(from));
  };
  const server = createServer({ allowHalfOpen: true }, client => {
    const beyond = connect(target);
    joined(client, beyond);
    joined(beyond, client);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const own = server.address();
  to.port = `${typeof own === 'object' ? own?.port : ''}`;
  return {
    url: to.href,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const f of waiting.splice(0)) f();
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
