/**
 * A REST API of records that a test makes up, in the vendor's ways: ranges, names, pages behind an opaque
 * cursor whose URL has a port and no key. What is not said here is not there: 404.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

export type Record_ = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection breaks after so many bytes of the body. */
  readonly breaksAt?: number;
}

export interface Asked {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly url: string;
}

export interface MiniRest {
  readonly endpoint: string;
  readonly asked: Asked[];
  /** By path. May be changed at any time. */
  readonly lists: Map<string, readonly Record_[]>;
  /** Answers in the place of the list's own; undefined: its own. */
  answer: ((asked: Asked, nth: number) => Answer | undefined) | undefined;
}

export const REST_KEY = 'k3y-that-nobody-may-see';

export async function miniRest(
  whenOver: (close: () => Promise<void>) => void = onTestFinished,
): Promise<MiniRest> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const one = readAsked(request);
    asked.push(one);
    const { status = 200, headers = {}, body, breaksAt } = rest.answer?.(one, asked.length) ?? own(one);
    const zipped = gzipSync(body);
    const isPlain = headers['content-type'] !== undefined;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(isPlain ? {} : { 'content-encoding': 'gzip' }),
      ...headers,
    });
    const sent = isPlain ? Buffer.from(body) : zipped;
    if (breaksAt === undefined) response.end(sent);
    else response.write(sent.subarray(0, breaksAt), () => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const lists: MiniRest['lists'] = new Map();
  const own = ({ path, query, authorization }: Asked): Answer => {
    if (authorization !== `Bearer ${REST_KEY}`)
      return { status: 401, body: JSON.stringify({ status: 'ERROR', error: 'Unknown API Key' }) };
    const list = lists.get(path);
    if (list === undefined)
      return { status: 404, body: JSON.stringify({ status: 'NOT_FOUND', message: 'Ticker not found.' }) };
    const cursor = query.get('cursor');
    const [filters, start] =
      cursor === null
        ? [query.toString(), 0]
        : (JSON.parse(Buffer.from(cursor, 'base64').toString()) as [string, number]);
    const wanted = new URLSearchParams(filters);
    const rows = list.filter((row) => fits(row, wanted));
    const limit = Number(wanted.get('limit') ?? 100);
    const page = rows.slice(start, start + limit);
    const next = Buffer.from(JSON.stringify([filters, start + limit])).toString('base64');
    return {
      body: JSON.stringify({
        status: 'OK',
        request_id: '1',
        ...(page.length === 0 ? {} : { results: page }),
        ...(start + limit < rows.length
          ? { next_url: `http://127.0.0.1:${port}${path}?cursor=${encodeURIComponent(next)}` }
          : {}),
      }),
    };
  };
  const rest: MiniRest = { endpoint: `http://127.0.0.1:${port}`, asked, lists, answer: undefined };
  whenOver(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return rest;
}

function readAsked({ url = '', headers }: IncomingMessage): Asked {
  const { pathname, searchParams } = new URL(url, 'http://x');
  return { path: pathname, query: searchParams, authorization: headers.authorization, url };
}

const NO_FILTERS = new Set(['limit', 'sort', 'order', 'cursor', 'market', 'active']);

function fits(row: Record_, query: URLSearchParams): boolean {
  for (const [name, value] of query) {
    if (NO_FILTERS.has(name)) {
      if ((name === 'market' || name === 'active') && String(row[name]) !== value) return false;
      continue;
    }
    const [, field = '', how] = /^(\w+)(?:\.(\w+))?$/.exec(name) ?? [];
    const own = row[field];
    if (how === 'any_of' || how === undefined) {
      const names = new Set(value.split(','));
      if (!(Array.isArray(own) ? own : [own]).some((one) => names.has(String(one)))) return false;
    } else if (typeof own !== 'string') return false;
    else if (how === 'gte' && own < value) return false;
    else if (how === 'lt' && own >= value) return false;
  }
  return true;
}
