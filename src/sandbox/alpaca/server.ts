/**
 * Alpaca's endpoint of a symbol's historical quotes, `/v2/stocks/{symbol}/quotes`, over the synthetic market:
 * keys, parameters, errors and rate headers as the real one has them.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { deliverFault } from '#sandbox/faults/fault-delivery.js';
import { createFaultPicker, type FaultKind, type FaultPlan } from '#sandbox/faults/faults.js';
import { type Reply, sendReply } from '#sandbox/s3/reply.js';
import { newMinuteRate } from './minute-rate.js';
import {
  ALPACA_KEYS,
  type AlpacaOptions,
  DEFAULT_QUOTES_A_DAY,
  DEFAULT_REQUESTS_A_MINUTE,
} from './options.js';
import { newPager } from './pages.js';
import { alpacaSymbol } from './symbols.js';

export interface AlpacaServer {
  /** Not listening yet. */
  readonly http: Server;
  readonly requests: () => number;
}

/** They spoil what only a gzip, a listing or an ETag would show; of JSON they would be another truth. */
const NOT_FOR_JSON: readonly FaultKind[] = ['flip', 'forged', 'member-cut', 'replaced', 'padding'];

export function createAlpacaServer(options: AlpacaOptions): AlpacaServer {
  const { now, seed = 1, quotesADay = DEFAULT_QUOTES_A_DAY, latencyMs = 0, clock } = options;
  const rate = newMinuteRate(options.requestsAMinute ?? DEFAULT_REQUESTS_A_MINUTE, clock);
  const pageOf = newPager(seed);
  const pickFault = createFaultPicker(withoutUnfit(options.faults));
  let requests = 0;

  function replyTo(request: IncomingMessage): Reply {
    const { headers, method, url = '/' } = request;
    const taken = rate.take();
    const refuse = (status: number, message: string): Reply => json(status, taken.headers, { message });
    if (
      headers['apca-api-key-id'] !== ALPACA_KEYS.id ||
      headers['apca-api-secret-key'] !== ALPACA_KEYS.secret
    )
      return refuse(401, 'unauthorized.');
    if (!taken.isAllowed) return refuse(429, 'too many requests.');
    const { pathname, searchParams: query } = new URL(url, 'http://sandbox.invalid');
    const named = /^\/v2\/stocks\/([^/]+)\/quotes$/.exec(pathname)?.[1];
    if (method !== 'GET' || named === undefined) return refuse(404, 'endpoint not found.');
    const name = decodeURIComponent(named);
    const symbol = alpacaSymbol(name, quotesADay);
    if (symbol === undefined) return refuse(400, `invalid symbol: ${name}`);
    const feed = query.get('feed') ?? 'sip';
    if (!['sip', 'iex', 'otc', 'boats'].includes(feed)) return refuse(400, `invalid feed: ${feed}`);
    const limit = Number(query.get('limit') ?? 1000);
    if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) return refuse(400, 'invalid limit');
    const today = `${now.toISOString().slice(0, 10)}T00:00:00Z`;
    const startNs = nanoseconds(query.get('start') ?? today, false);
    const endNs = nanoseconds(query.get('end') ?? now.toISOString(), true);
    if (startNs === undefined) return refuse(400, `invalid start: ${query.get('start')}`);
    if (endNs === undefined) return refuse(400, `invalid end: ${query.get('end')}`);
    if (endNs < startNs) return refuse(400, 'end should not be before start');
    if (feed === 'sip' && endNs > BigInt(now.getTime() - RECENT_MS) * 1_000_000n)
      return refuse(403, 'subscription does not permit querying recent SIP data');
    try {
      const token = query.get('page_token') ?? undefined;
      const body = pageOf({ symbol, startNs, endNs, limit, token });
      return { status: 200, headers: { ...taken.headers, 'Content-Type': 'application/json' }, body };
    } catch (error) {
      if (error instanceof RangeError) return refuse(400, error.message);
      throw error;
    }
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    requests++;
    const reply = replyTo(request);
    const hit = reply.status === 200 ? pickFault('get', request.url ?? '') : undefined;
    if (response.destroyed) return;
    if (hit === undefined) {
      sendReply(response, reply, false);
      return;
    }
    const errorReply = (status: number, code: string, message: string): Reply =>
      json(status, {}, { code, message });
    deliverFault(response, { reply, hit, withoutBody: false, errorReply });
  }

  const http = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.on('error', () => response.destroy());
    response.on('error', () => response.destroy());
    if (latencyMs > 0) setTimeout(() => answer(request, response), latencyMs);
    else answer(request, response);
  });
  return { http, requests: () => requests };
}

/** The free plan's: 15 minutes. */
const RECENT_MS = 15 * 60_000;

function json(status: number, headers: Readonly<Record<string, string>>, document: object): Reply {
  const body = Buffer.from(`${JSON.stringify(document)}\n`);
  return { status, headers: { ...headers, 'Content-Type': 'application/json' }, body };
}

/** RFC 3339 or a day, whose last nanosecond is its end; undefined for anything else. */
function nanoseconds(text: string, isEnd: boolean): bigint | undefined {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const [, whole, decimals = '', zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const ms = Date.parse(isDay ? `${text}T00:00:00Z` : `${whole}${zone}`);
  if (Number.isNaN(ms)) return undefined;
  const end = isDay && isEnd ? 86_400_000_000_000n - 1n : 0n;
  return BigInt(ms) * 1_000_000n + BigInt(decimals.padEnd(9, '0')) + end;
}

function withoutUnfit(plan: FaultPlan | undefined): FaultPlan | undefined {
  return plan && { ...plan, faults: plan.faults.filter(({ kind }) => !NOT_FOR_JSON.includes(kind)) };
}
