/**
 * A TCP relay in front of a server, for trouble below HTTP: nobody listens, connections that end in mid-run,
 * a slow way.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Relay {
  /** Stays the same when it is closed and opened again. */
  readonly endpoint: string;
  /** Connections so far. */
  readonly connections: () => number;
  /** Ends all connections with a RST and listens no more: the next is refused. */
  close(): Promise<void>;
  /** Listens again at the same port. */
  open(): Promise<void>;
  /** RST on all connections; new ones are taken. */
  drop(): void;
}

/** `delayMs`: so long does each connection wait before its first byte goes on. Ended with the test. */
export async function relayTo(endpoint: string, delayMs = 0): Promise<Relay> {
  const target = new URL(endpoint);
  const sockets = new Set<Socket>();
  let connections = 0;
  let port = 0;
  let server: Server | undefined;

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    return socket.on('error', () => undefined);
  };
  const take = (inner: Socket): void => {
    connections++;
    keep(inner);
    const timer = setTimeout(() => {
      const outer = keep(connect(Number(target.port), target.hostname));
      inner.pipe(outer).pipe(inner);
      inner.on('close', () => outer.destroy());
      outer.on('close', () => inner.destroy());
    }, delayMs);
    inner.on('close', () => clearTimeout(timer));
  };
  const drop = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const open = async (): Promise<void> => {
    server = createServer({ noDelay: true }, take).listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const close = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing === undefined) return;
    const closed = once(closing, 'close');
    closing.close();
    drop();
    await closed;
  };
  await open();
  onTestFinished(close);
  return { endpoint: `http://127.0.0.1:${port}`, connections: () => connections, close, open, drop };
}
