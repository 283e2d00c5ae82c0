/** The wire's faults strike REST answers, by path, and pages have faults of their own. */
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import type { FaultKind } from '#sandbox/faults/faults.js';
import { type RunningSandbox, SANDBOX_REST_KEY } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';
import { ask, NOW, pages, running } from './rest-client.js';

const WHERE = '/stocks/v1/splits?limit=3';

interface Seen {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  /** Whole, an error's code, or silence. */
  readonly end: string;
}

function raw(sandbox: RunningSandbox, timeout: number): Promise<Seen> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let head: Pick<Seen, 'status' | 'headers'> = { status: undefined, headers: {} };
    const done = (end: string) => resolve({ ...head, body: Buffer.concat(chunks), end });
    const headers = { Authorization: `Bearer ${SANDBOX_REST_KEY}`, 'Accept-Encoding': 'gzip' };
    const outgoing = request(sandbox.restEndpoint + WHERE, { headers, timeout, agent: false }, (response) => {
      head = { status: response.statusCode, headers: response.headers };
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error'));
      response.on('end', () => done('whole'));
    });
    outgoing.on('timeout', () => {
      done('silence');
      outgoing.destroy();
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error'));
    outgoing.end();
  });
}

test.each<[FaultKind, (seen: Seen) => unknown]>([
  ['reset', ({ end }) => end !== 'whole'],
  ['cut', ({ end }) => end !== 'whole'],
  ['hang-up', ({ end, status }) => end !== 'whole' && status === undefined],
  ['stall', ({ end, status }) => end === 'silence' && status === 200],
  ['stall-head', ({ end, status }) => end === 'silence' && status === undefined],
  ['slowdown503', ({ status, body }) => status === 503 && body.toString().includes('"status":"ERROR"')],
  ['error500', ({ status }) => status === 500],
  ['gateway502', ({ status, headers }) => status === 502 && headers['content-type'] === 'text/html'],
  ['too-many429', ({ status, headers }) => status === 429 && headers['retry-after'] === '1'],
  [
    'html200',
    ({ status, headers, body }) =>
      status === 200 && headers['content-type'] === 'text/html' && body.toString().startsWith('<!doctype'),
  ],
  ['error200', ({ status, body }) => status === 200 && body.toString().includes('"status":"ERROR"')],
  ['redirect301', ({ status, headers }) => status === 301 && headers['location'] !== undefined],
  ['garbled', ({ end }) => end !== 'whole'],
  [
    'flip',
    ({ status, headers, body }) =>
      status === 200 && headers['content-encoding'] === 'gzip' && isDamaged(body),
  ],
])('%s', async (kind, looks) => {
  // One that has made its market: what stalls says nothing however long one waits.
  const sandbox = await market();
  await sandbox.setFaults({ faults: [{ kind, times: 1 }] });
  const before = (await sandbox.restRequests()).records.length;
  const first = await raw(sandbox, kind.startsWith('stall') ? 400 : 60_000);
  expect(looks(first), JSON.stringify({ ...first, body: first.body.toString().slice(0, 200) })).toBe(true);
  expect((await ask(sandbox, WHERE)).status).toBe(200);
  const { records } = await sandbox.restRequests();
  expect(records.slice(before).map(({ fault }) => fault)).toEqual([kind, undefined]);
});

let shared: Promise<RunningSandbox> | undefined;

function market(): Promise<RunningSandbox> {
  shared ??= startSandbox({ now: NOW, tickers: 100 }).then(async (sandbox) => {
    await ask(sandbox, WHERE);
    return sandbox;
  });
  return shared;
}

afterAll(async () => (await shared)?.close());

function isDamaged(body: Buffer): boolean {
  try {
    const text = gunzipSync(body).toString();
    return !text.startsWith('{"status":"OK"');
  } catch {
    return true;
  }
}

test('faults of pages: cut in the middle, in a loop, without end, at another host, rows twice, backwards', async () => {
  const sandbox = await running({ tickers: 100 });
  const sound = await ask(sandbox, WHERE);
  const rows = sound.body.results ?? [];
  const struck = async (kind: FaultKind) => {
    await sandbox.setFaults({ faults: [{ kind, times: 2, keys: ['/stocks/v1/splits'] }] });
    return [
      await ask(sandbox, WHERE).catch(() => undefined),
      await ask(sandbox, WHERE).catch(() => undefined),
    ];
  };
  expect(await struck('truncated-list')).toEqual([undefined, undefined]);
  const [loop] = await struck('list-loop');
  await sandbox.setFaults({ faults: [{ kind: 'list-loop' }] });
  expect((await ask(sandbox, loop?.body.next_url ?? '')).body.next_url).toBe(loop?.body.next_url);
  const endless = await struck('list-endless');
  expect(endless[0]?.body.results).toEqual(endless[1]?.body.results);
  expect(endless[0]?.body.next_url).not.toBe(endless[1]?.body.next_url);
  const [foreign] = await struck('list-foreign');
  expect(new URL(foreign?.body.next_url ?? '').hostname).toBe('elsewhere.invalid');
  const [doubles] = await struck('list-doubles');
  expect(doubles?.body.results).toEqual(rows.flatMap((row) => [row, row]));
  const [backwards] = await struck('list-unsorted');
  expect(backwards?.body.results).toEqual([...rows].reverse());
  await sandbox.setFaults(undefined);
  expect((await ask(sandbox, WHERE)).body.results).toEqual(rows);
});

test('faults of objects leave REST answers alone', async () => {
  const sandbox = await running({
    tickers: 100,
    faults: { faults: [{ kind: 'odd-etag' }, { kind: 'forged' }, { kind: 'list-no-size' }] },
  });
  const [first] = await pages(sandbox, '/stocks/v1/splits?ticker=AAPL');
  expect(first?.body.results).toHaveLength(1);
});
