/** An answer of the sandbox before it is sent, and the plain way to send it. Faults send it another way. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';

/** Bytes `start` to `end`, that excluded, of a file. */
export interface FilePart {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

export interface Reply {
  readonly status: number;
  /** Names as they are sent. Content-Length is added from the body where it is absent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** In the place of the body, where that is too large for memory. */
  readonly part?: FilePart;
}

export function bodyLength({ body, part }: Reply): number {
  return part === undefined ? body.length : part.end - part.start;
}

export function sendReply(response: ServerResponse, reply: Reply, withoutBody: boolean): void {
  const { status, headers, body, part } = reply;
  const length = status === 304 ? {} : { 'Content-Length': String(bodyLength(reply)) };
  response.writeHead(status, { ...length, ...headers });
  if (withoutBody || part === undefined || part.start === part.end) {
    response.end(withoutBody ? undefined : body);
    return;
  }
  const file = createReadStream(part.path, { start: part.start, end: part.end - 1, highWaterMark: 1 << 20 });
  // Whoever ends early has seen it: a broken pipe is no news here.
  pipeline(file, response, () => undefined);
}

/** The same reply with its body in memory, which is what faults spoil. At most two gigabytes. */
export async function inMemory(reply: Reply): Promise<Reply> {
  const { part, ...rest } = reply;
  if (part === undefined) return reply;
  const file = await open(part.path);
  try {
    const body = Buffer.allocUnsafeSlow(part.end - part.start);
    for (let at = 0; at < body.length; ) {
      const { bytesRead } = await file.read(body, at, Math.min(body.length - at, 1 << 28), part.start + at);
      if (bytesRead === 0) throw new Error(`${part.path} is shorter than it was`);
      at += bytesRead;
    }
    return { ...rest, body };
  } finally {
    await file.close();
  }
}
