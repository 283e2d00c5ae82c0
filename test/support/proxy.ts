/** A plain HTTP proxy on loopback, and TLS in front of a server of plain HTTP. Both end with the test. */
import { readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { onTestFinished } from 'vitest';

export interface RunningProxy {
  readonly port: number;
  /** What it was asked for: `CONNECT s3.example:443`, `GET http://s3.example/…`. */
  readonly asked: string[];
}

export interface ProxyOptions {
  /** `user:password`, without which it answers 407. */
  readonly auth?: string;
  /** Where every request goes, whatever host it names. */
  readonly target: number;
}

export async function startProxy({ auth, target }: ProxyOptions): Promise<RunningProxy> {
  const asked: string[] = [];
  const expected = auth === undefined ? undefined : `Basic ${Buffer.from(auth).toString('base64')}`;
  const isAllowed = (headers: NodeJS.Dict<string | string[]>): boolean =>
    expected === undefined || headers['proxy-authorization'] === expected;
  const server = createServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (!isAllowed(incoming.headers)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
      return;
    }
    const { pathname, search } = new URL(incoming.url ?? '');
    const onward = request(
      { port: target, path: pathname + search, method: incoming.method, headers: incoming.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      },
    );
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    if (!isAllowed(incoming.headers)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    joined(socket, target);
  });
  return { asked, port: await listening(server) };
}

/** Its certificate is fixtures/tls/cert.pem, of localhost, 127.0.0.1 and s3.example. */
export async function startTls(target: number): Promise<number> {
  const pem = (name: string): Buffer => readFileSync(`fixtures/tls/${name}.pem`);
  return listening(
    createTlsServer({ key: pem('key'), cert: pem('cert') }, (socket) => joined(socket, target)),
  );
}

function joined(socket: Socket, port: number): void {
  const onward = connect(port, '127.0.0.1');
  for (const [one, other] of [
    [socket, onward],
    [onward, socket],
  ] as const) {
    one.pipe(other);
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  );
  return (server.address() as AddressInfo).port;
}
