/** The client against the sandbox's server: every quote once and in order, whatever the pages and the wire do. */

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import type { Quote } from '#market/quotes/quote.js';
import { createCounters } from '#platform/guard/counting.js';
import { sleep } from '#platform/http/sleep.js';
import { ALPACA_KEYS, type AlpacaOptions } from '#sandbox/alpaca/options.js';
import { quoteDay } from '#sandbox/alpaca/quote-day.js';
import { startAlpaca } from '#sandbox/alpaca/start.js';
import { alpacaSymbol } from '#sandbox/alpaca/symbols.js';
import { parseFaultPlan } from '#sandbox/faults/faults.js';
import { type AlpacaClient, openAlpaca } from '#vendors/alpaca/client.js';
import { findAlpacaKeys } from '#vendors/alpaca/keys.js';
import { readAlpacaDay } from '#vendors/alpaca/quote-days.js';
import { newRateWindow } from '#vendors/alpaca/rate-window.js';
import { newStampReader, stampOf } from '#vendors/alpaca/timestamp.js';
import { alpacaUrl } from '#vendors/alpaca/url.js';

const NOW = new Date('2024-06-14T17:00:00Z');
const DAY = '2024-06-12';
const QUOTES_A_DAY = 900;

async function clientOf(
  url: string,
  keys: { id: string; secret: string } = ALPACA_KEYS,
): Promise<AlpacaClient> {
  const client = await openAlpaca({
    url,
    keys,
    proxy: undefined,
    guard: {
      retry: { attempts: 8, baseMs: 1, capMs: 5, sleep, random: () => 0.5 },
      maxConcurrency: 4,
      watchdog: { headersMs: 1000, stallMs: 1000, minBytesPerSecond: 1, windowMs: 60_000 },
      counters: createCounters(),
      now: () => performance.now(),
    },
  });
  onTestFinished(() => client.close());
  return client;
}

async function sandbox(options: Partial<AlpacaOptions> = {}): Promise<AlpacaClient> {
  const alpaca = await startAlpaca({
    now: NOW,
    quotesADay: QUOTES_A_DAY,
    clock: () => Date.now(),
    ...options,
  });
  onTestFinished(() => alpaca.close());
  return clientOf(alpaca.url);
}

async function dayOf(
  client: AlpacaClient,
  symbol = 'AAPL',
  day = DAY,
  limit = 100,
): Promise<readonly Quote[]> {
  const quotes: Quote[] = [];
  const take = (page: readonly Quote[]): void => void quotes.push(...page);
  await readAlpacaDay({ client, feed: 'sip', limit }, { symbol, day }, { take }, AbortSignal.timeout(20_000));
  return quotes;
}

/** What the market itself says of the day, without pages, text and wire. */
function truth(symbol: string, day: string): readonly Partial<Quote>[] {
  const known = alpacaSymbol(symbol, QUOTES_A_DAY);
  if (known === undefined) throw new Error(`no ${symbol}`);
  const quotes = quoteDay(known, day, 1);
  const one = { time: 0, bid: 0, bidSize: 0, ask: 0, askSize: 0, hash: 0 };
  return Array.from({ length: quotes.count }, (_, i) => {
    quotes.read(i, one);
    return {
      tsNs: String(BigInt(quotes.midnight) * 1_000_000n + BigInt(one.time)),
      bidPrice: one.bid / known.ticksPerDollar,
      bidSize: one.bidSize,
      askPrice: one.ask / known.ticksPerDollar,
      askSize: one.askSize,
    };
  });
}

const stamps = (quotes: readonly Partial<Quote>[]) => quotes.map(({ tsNs }) => tsNs);

it('a day is every quote of the market’s, once, in order, through short and empty pages; equal nanoseconds and absent sides too', async () => {
  const client = await sandbox();
  const quotes = await dayOf(client);
  const facts = quotes.map(({ tsNs, bidPrice, bidSize, askPrice, askSize }) => ({
    tsNs,
    bidPrice,
    bidSize,
    askPrice,
    askSize,
  }));
  expect(facts).toEqual(truth('AAPL', DAY));
  expect(quotes.filter(({ tsNs }, i) => tsNs === quotes[i - 1]?.tsNs).length).toBeGreaterThan(10);
  const absent = quotes.filter(({ bidPrice }) => bidPrice === 0);
  expect(absent.length).toBeGreaterThan(0);
  for (const { bidSize, bidExchange } of absent) expect([bidSize, bidExchange]).toEqual([0, null]);
  expect(client.perMinute()).toBe(10_000);
});

it('the size of a page changes nothing', async () => {
  const client = await sandbox();
  expect(await dayOf(client, 'AAPL', DAY, 37)).toEqual(await dayOf(client, 'AAPL', DAY, 10_000));
});

it.each([
  'reset:0.15,fin:0.15,cut:0.15@seed=3',
  'error500:0.4,gateway502:0.2,html200:0.2@seed=5',
  'slowdown503:0.4@seed=1',
  'hang-up:0.2,short-length:0.2,garbage:0.2,error200:0.2,garbled:0.1@seed=2',
])('faults (%s) cost requests, and no quote', async (plan) => {
  const client = await sandbox({ faults: parseFaultPlan(plan) });
  expect(stamps(await dayOf(client, 'MSFT'))).toEqual(stamps(truth('MSFT', DAY)));
});

it('a symbol that nobody knows, keys that are wrong and a day too recent are told in the vendor’s words', async () => {
  const alpaca = await startAlpaca({ now: NOW, clock: () => Date.now() });
  onTestFinished(() => alpaca.close());
  const client = await clientOf(alpaca.url);
  await expect(dayOf(client, 'ZZZZ')).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringContaining('invalid symbol: ZZZZ (HTTP 400)'),
  });
  await expect(dayOf(client, 'AAPL', '2024-06-14')).rejects.toMatchObject({ kind: 'denied', status: 403 });
  const stranger = await clientOf(alpaca.url, { id: 'someone', secret: 'a-secret-nobody-may-read' });
  await expect(dayOf(stranger)).rejects.toMatchObject({ kind: 'unauthenticated' });
});

async function answering(listener: RequestListener): Promise<AlpacaClient> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close().closeAllConnections());
  await new Promise((resolve) => server.once('listening', resolve));
  return clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    id: 'the-key-id-of-somebody',
    secret: 'a-secret-nobody-may-read',
  });
}

const QUOTE = '{"ap":1,"as":1,"ax":"Q","bp":1,"bs":1,"bx":"Q","c":["R"],"t":"2024-06-12T14:00:00Z","z":"C"}';
const page = (...quotes: readonly string[]): string =>
  `{"symbol":"AAPL","quotes":[${quotes.join(',')}],"next_page_token":null}`;

it.each([
  ['leads to itself', '{"symbol":"AAPL","quotes":[],"next_page_token":"again"}', 'leads to itself'],
  ['is of another day', page(QUOTE.replace('-12T', '-13T')), 'of another day'],
  ['goes back', page(QUOTE, QUOTE.replace('14:', '13:')), 'behind one of'],
  ['is another symbol’s', '{"symbol":"MSFT","quotes":[],"next_page_token":null}', 'an answer about MSFT'],
  ['has a quote without a moment', page('{"bp":1}'), 'has no moment'],
  ['is no JSON', '<html>', 'no JSON'],
])('a page that %s is no day', async (_, body, message) => {
  const client = await answering((_request, response) => response.end(body));
  await expect(dayOf(client)).rejects.toThrow(message);
});

it('what a server sends back of the keys reaches no message', async () => {
  const client = await answering((request, response) => {
    response.statusCode = 403;
    response.end(JSON.stringify({ message: `no, ${String(request.headers['apca-api-secret-key'])}` }));
  });
  await expect(dayOf(client)).rejects.toThrow(/no, … \(HTTP 403\)/);
});

it('law: a stamp is its nanoseconds, also without the zeros at its end; what is none is none', () => {
  fc.assert(
    fc.property(fc.bigInt(1_000_000_000_000_000_000n, 4_000_000_000_000_000_000n), (ns) => {
      const text = stampOf(String(ns));
      const read = newStampReader();
      expect(read(text)).toBe(String(ns));
      expect(read(text.replace(/\.?0+Z$/, 'Z'))).toBe(String(ns));
      expect(read(text)).toBe(String(ns));
    }),
  );
  for (const text of [
    '',
    '2024-06-12',
    '2024-06-12T14:00:00',
    '2024-06-12T14:00:00.1234567890Z',
    '2024-13-12T14:00:00Z',
  ])
    expect(newStampReader()(text), text).toBeUndefined();
});

it('the plan’s rate is waited for, not run into: no request goes while the minute has none left', async () => {
  let time = 0;
  const waits: number[] = [];
  const rate = newRateWindow({
    now: () => time,
    sleep: async (ms) => {
      waits.push(ms);
      time += ms;
    },
  });
  const ask = async (remaining: number) => {
    await rate.turn(undefined);
    rate.sent();
    rate.answered({
      'x-ratelimit-limit': '200',
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(Date.parse('2024-06-12T13:47:00Z') / 1000),
      date: 'Wed, 12 Jun 2024 13:46:30 GMT',
    });
  };
  await ask(1);
  expect(rate.perMinute()).toBe(200);
  await ask(0);
  expect(waits).toEqual([]);
  await ask(199);
  // Until 13:47:00 by the server's clock, and a second, for its seconds are whole.
  expect(waits).toEqual([31_000]);
});

it('keys are a pair from the environment or from a file that nobody else may read', async () => {
  const home = await mkdtemp('/tmp/barloom-keys-');
  onTestFinished(() => rm(home, { recursive: true }));
  await expect(findAlpacaKeys({ env: {}, home })).rejects.toThrow('no keys of Alpaca');
  await expect(findAlpacaKeys({ env: { APCA_API_KEY_ID: 'x' }, home })).rejects.toThrow(
    'half a key pair in the environment: APCA_API_SECRET_KEY is missing',
  );
  const file = `${home}/.config/barloom/credentials`;
  await mkdir(`${home}/.config/barloom`, { recursive: true });
  await writeFile(file, '[alpaca]\napca_api_key_id = one\napca_api_secret_key = two\n');
  await chmod(file, 0o644);
  await expect(findAlpacaKeys({ env: {}, home })).rejects.toThrow(
    `${file} holds a key and others may read it`,
  );
  await chmod(file, 0o600);
  expect(await findAlpacaKeys({ env: {}, home })).toEqual({ id: 'one', secret: 'two' });
});

it('a URL is one server’s, without secrets in it', () => {
  expect(alpacaUrl(undefined)).toBe('https://data.alpaca.markets');
  expect(alpacaUrl('https://data.sandbox.alpaca.markets/v2/')).toBe('https://data.sandbox.alpaca.markets');
  expect(() => alpacaUrl('https://me:secret@host/')).toThrow(/^(?!.*secret@)/);
  expect(() => alpacaUrl('data.alpaca.markets')).toThrow('is no URL');
});
