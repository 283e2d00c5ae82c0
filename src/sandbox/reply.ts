/** An answer of the sandbox before it is sent, and the plain way to send it. Faults send it another way. */
import type { ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  /** Names as they go on the wire. Content-Length is added from the body where it is absent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export function sendReply(response: ServerResponse, reply: Reply, withoutBody: boolean): void {
  const length = reply.status === 304 ? {} : { 'Content-Length': String(reply.body.length) };
  response.writeHead(reply.status, { ...length, ...reply.headers });
  response.end(withoutBody ? undefined : reply.body);
}
