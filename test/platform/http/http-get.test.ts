/** What ends a GET that hangs: the waits that the S3 source has no setting for. */
import { getEventListeners } from 'node:events';
import { Agent, createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpGet } from '#platform/http/http-get.js';
import { sleep } from '#platform/http/sleep.js';

describe('httpGet', () => {
  let server: Server;
  let respond: (response: ServerResponse) => void;
  let agent: Agent;
  beforeEach(async () => {
    agent = new Agent({ keepAlive: true });
    server = createServer((_, response) => respond(response));
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
  });
  afterEach(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });

  const get = (options: { readonly agent?: Agent; readonly signal?: AbortSignal } = {}) =>
    httpGet({
      endpoint: new URL(`http://[::1]:${(server.address() as AddressInfo).port}`),
      path: '/',
      headers: {},
      agent,
      connectionTimeoutMs: 60,
      socketTimeoutMs: 100,
      signal: undefined,
      ...options,
    });
  const bytesOf = async (answer: AsyncIterable<Uint8Array>) => {
    let bytes = 0;
    for await (const chunk of answer) bytes += chunk.length;
    return bytes;
  };

  it('gives up on a connection that is not made', async () => {
    const socket = new Socket();
    Object.assign(socket, { connecting: true });
    const deaf = new (class extends Agent {
      override createConnection = () => socket;
    })();
    await expect(get({ agent: deaf })).rejects.toThrow('no connection within 60 ms');
    expect(socket.destroyed).toBe(true);
  });

  it('gives up on an answer that does not begin, and on one that stops', async () => {
    respond = () => {};
    await expect(get()).rejects.toThrow('no byte for 100 ms');
    respond = (response) => response.writeHead(200, { 'content-length': 9 }).write('abc');
    // On a busy machine the headers may come too late already.
    const stopped = get().then(bytesOf);
    await expect(stopped).rejects.toThrow('no byte for 100 ms');
  });

  it('lets a slow reader have what has arrived', async () => {
    respond = (response) => response.end(Buffer.alloc(50_000));
    const answer = await get();
    await sleep(250);
    expect(await bytesOf(answer)).toBe(50_000);
  });

  it('ends by its signal before and after the headers, and leaves no listener', async () => {
    respond = () => {};
    const early = new AbortController();
    const asked = get({ signal: early.signal });
    early.abort();
    await expect(asked).rejects.toThrow('aborted');
    respond = (response) => response.end(Buffer.alloc(50_000));
    const late = new AbortController();
    const answer = await get({ signal: late.signal });
    await sleep(20);
    late.abort();
    await expect(bytesOf(answer)).rejects.toThrow('aborted');
    expect(getEventListeners(late.signal, 'abort')).toEqual([]);
    const read = new AbortController();
    expect(await bytesOf(await get({ signal: read.signal }))).toBe(50_000);
    await sleep(5);
    expect(getEventListeners(read.signal, 'abort')).toEqual([]);
  });
});
