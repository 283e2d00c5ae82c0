import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { createFaultPicker, FAULT_KINDS, type FaultKind, parseFaultPlan } from '#sandbox/faults/faults.js';
import { clientOf, keyOf, running, STOCKS } from '../running.js';

const KEY = keyOf('2026-11-19');

interface Seen {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Buffer;
  /** How the transfer ended: whole, a network error's code, or silence. */
  readonly end: string;
}

/** The SDK signs, and node:http sends what it signed, so that nothing hides how the answer looks. */
async function seen(kind: FaultKind, operation: 'get' | 'list'): Promise<Seen> {
  const sandbox = await running({ faults: { seed: 3, faults: [{ kind, operations: [operation] }] } });
  const client = clientOf(sandbox);
  const signed = await new Promise<{
    path: string;
    query: Record<string, string>;
    headers: Record<string, string>;
  }>((resolve) => {
    client.middlewareStack.add(
      () => async (args) => {
        resolve(args.request as never);
        throw new Error('taken over');
      },
      { step: 'finalizeRequest', priority: 'low', name: 'take' },
    );
    const command =
      operation === 'get'
        ? client.send(new GetObjectCommand({ Bucket: 'flatfiles', Key: KEY }))
        : client.send(new ListObjectsV2Command({ Bucket: 'flatfiles', Prefix: `${STOCKS}/2026/11/` }));
    command.catch(() => undefined);
  });
  const query = Object.entries(signed.query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const { host: _, ...headers } = signed.headers;
    const outgoing = request(`${sandbox.endpoint}${signed.path}?${query.join('&')}`, {
      headers: { ...headers, host: signed.headers.host ?? '' },
    });
    const done = (end: string, status?: number, heads: Seen['headers'] = {}) =>
      resolve({ status, headers: heads, body: Buffer.concat(chunks), end });
    // What stalls says nothing however long one waits; whatever else may take its time on a busy machine.
    outgoing.setTimeout(kind.startsWith('stall') ? 400 : 60_000, () => {
      done('silence');
      outgoing.destroy();
    });
    // Of a broken body the request tells on newer versions of Node, and the response on older ones.
    let status: number | undefined;
    let heads: Seen['headers'] = {};
    outgoing.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error', status, heads));
    outgoing.on('response', (response) => {
      const { statusCode } = response;
      status = statusCode;
      heads = response.headers;
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done('whole', statusCode, heads));
      response.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? 'error', statusCode, heads));
    });
    outgoing.end();
  });
}

interface Original {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** The day as it is; asked for once. */
let known: Promise<Original> | undefined;
function original(): Promise<Original> {
  known ??= fetchOriginal();
  return known;
}

async function fetchOriginal(): Promise<Original> {
  const sandbox = await running();
  const answer = await clientOf(sandbox).send(new GetObjectCommand({ Bucket: 'flatfiles', Key: KEY }));
  return { bytes: Buffer.from((await answer.Body?.transformToByteArray()) ?? []), etag: answer.ETag ?? '' };
}

describe('on the wire', () => {
  test.each<[FaultKind, number | undefined, string]>([
    ['reset', 200, 'ECONNRESET'],
    ['fin', 200, 'ECONNRESET'],
    ['cut', 200, 'ECONNRESET'],
    ['close-cut', 200, 'whole'],
    ['hang-up', undefined, 'ECONNRESET'],
    ['bare', 200, 'whole'],
    ['stall', undefined, 'silence'],
    ['stall-head', undefined, 'silence'],
    ['slowdown503', 503, 'whole'],
    ['slowdown503-retry-after', 503, 'whole'],
    ['slowdown503-date', 503, 'whole'],
    ['slowdown503-nonsense', 503, 'whole'],
    ['slowdown503-tomorrow', 503, 'whole'],
    ['error500', 500, 'whole'],
    ['gateway502', 502, 'whole'],
    ['error200', 200, 'whole'],
    ['redirect301', 301, 'whole'],
    ['redirect307', 307, 'whole'],
    ['too-many429', 429, 'whole'],
    ['short-length', 200, 'whole'],
    ['long-length', 200, 'ECONNRESET'],
    ['flip', 200, 'whole'],
    ['forged', 200, 'whole'],
    ['member-cut', 200, 'whole'],
    ['garbage', 200, 'whole'],
    ['padding', 200, 'whole'],
    ['html200', 200, 'whole'],
    ['denied403', 403, 'whole'],
    ['gone404', 404, 'whole'],
    ['odd-etag', 200, 'whole'],
    ['multipart-etag', 200, 'whole'],
    ['replaced', 200, 'whole'],
    ['skew403', 403, 'whole'],
    ['expired403', 403, 'whole'],
  ])('%s: a GET gets status %s and ends with %s', async (kind, status, end) => {
    const got = await seen(kind, 'get');
    expect([got.status, got.end]).toEqual([status, end]);
    const { bytes, etag } = await original();
    expect(got.body.equals(bytes) && got.headers.etag === etag && got.end === 'whole').toBe(false);
    if (kind === 'flip' || kind === 'garbage') expect(() => gunzipSync(got.body)).toThrow();
    if (kind === 'forged') {
      const [old, other] = [gunzipSync(bytes), gunzipSync(got.body)];
      expect([got.body.length, got.headers.etag, other.length]).toEqual([bytes.length, etag, old.length]);
      expect(other.filter((byte, at) => byte !== old[at]).length).toBe(1);
    }
    if (kind === 'flip') expect(got.body.length).toBe(bytes.length);
    if (kind === 'short-length') expect(got.body.length).toBeLessThan(bytes.length);
    if (kind === 'member-cut') {
      const half = gunzipSync(got.body).toString();
      expect(gunzipSync(bytes).toString().startsWith(half)).toBe(true);
      expect(half.endsWith('\n')).toBe(true);
    }
    if (kind === 'replaced') {
      expect(got.headers.etag).toBe(`"${createHash('md5').update(got.body).digest('hex')}"`);
      expect(gunzipSync(got.body).equals(gunzipSync(bytes))).toBe(true);
    }
    if (kind === 'padding') expect(gunzipSync(got.body).equals(gunzipSync(bytes))).toBe(true);
    if (/^(bare|odd-etag|multipart-etag)$/.test(kind)) expect(got.body.equals(bytes)).toBe(true);
    if (kind === 'odd-etag') expect(got.headers.etag).toBe(`W/${etag}`);
    if (kind === 'multipart-etag') expect(got.headers.etag).toMatch(/^"[0-9a-f]{32}-2"$/);
    if (kind.startsWith('redirect')) expect(got.headers.location).toBe('http://elsewhere.invalid/');
    if (kind === 'error200') expect(got.body.toString()).toContain('<Code>InternalError</Code>');
    if (kind.endsWith('429') || kind.endsWith('retry-after')) expect(got.headers['retry-after']).toBe('1');
    if (kind.endsWith('tomorrow')) expect(got.headers['retry-after']).toBe('86400');
    if (kind.endsWith('date')) {
      const waitMs = Date.parse(String(got.headers['retry-after'])) - Date.parse(String(got.headers['date']));
      expect(waitMs).toBeGreaterThanOrEqual(1000);
      expect(waitMs).toBeLessThanOrEqual(3000);
    }
  });

  test('a garbled answer is one that no HTTP parser takes', async () => {
    expect((await seen('garbled', 'get')).end).toMatch(/^HPE_/);
  });

  test('what is endless goes on as long as it is read', async () => {
    const sandbox = await running({ faults: { faults: [{ kind: 'endless' }] } });
    const answer = await clientOf(sandbox).send(new GetObjectCommand({ Bucket: 'flatfiles', Key: KEY }));
    let received = 0;
    for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      if (received > 4 << 20) break;
    }
    expect(received).toBeGreaterThan(4 << 20);
  });

  test('an object of several members ends exactly between two', async () => {
    const [first, second, third] = ['one\n', 'two\n', 'three\n'].map((text) => gzipSync(text)) as [
      Buffer,
      Buffer,
      Buffer,
    ];
    const ends = new Set<string>();
    for (let seed = 1; seed <= 8; seed++) {
      const sandbox = await running({
        objects: new Map([[KEY, Buffer.concat([first, second, third])]]),
        faults: { seed, faults: [{ kind: 'member-cut' }] },
      });
      const answer = await clientOf(sandbox).send(new GetObjectCommand({ Bucket: 'flatfiles', Key: KEY }));
      const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      expect(answer.ContentLength).toBe(bytes.length);
      ends.add(gunzipSync(bytes).toString());
    }
    expect(ends).toEqual(new Set(['one\n', 'one\ntwo\n']));
  });

  test('a drip comes slowly', async () => {
    const sandbox = await running({ faults: { faults: [{ kind: 'drip' }] } });
    const answer = await clientOf(sandbox).send(new GetObjectCommand({ Bucket: 'flatfiles', Key: KEY }));
    const began = performance.now();
    let received = 0;
    for await (const chunk of answer.Body as AsyncIterable<Uint8Array>) {
      received += chunk.length;
      if (received >= 32) break;
    }
    expect(received).toBe(32);
    expect(performance.now() - began).toBeGreaterThan(200);
  });

  test.each<[FaultKind, RegExp]>([
    ['list-loop', /<IsTruncated>true<.*<NextContinuationToken>\S+</],
    ['list-endless', /<IsTruncated>true<.*<NextContinuationToken>\S+</],
    ['list-no-token', /<IsTruncated>true<(?!.*NextContinuationToken)/],
    ['list-doubles', /<Key>([^<]*2026-11-02[^<]*)<.*<Key>\1</],
    ['list-foreign', /<Key>..\/..\/etc\/passwd</],
    ['list-unsorted', /2026-11-19.*2026-11-02/],
    ['list-lacking', /2026-11-03(?!.*2026-11-02)/],
    ['list-huge', /<Size>1000000000</],
    ['list-no-size', /<Size>(|-5|many|1e400|0\.5)</],
    ['odd-etag', /&quot;\n<\/ETag>/],
    ['multipart-etag', /-2&quot;<\/ETag>/],
    ['error200', /<Code>InternalError</],
    ['html200', /Sign in/],
  ])('%s: how a listing looks', async (kind, look) => {
    const got = await seen(kind, 'list');
    expect([got.status, got.end]).toEqual([200, 'whole']);
    const text = got.body.toString();
    expect(look.test(kind === 'odd-etag' ? text : text.replaceAll('\n', '')), kind).toBe(true);
    const keys = text.match(/<Key>/g)?.length ?? 0;
    if (text.includes('<KeyCount>')) expect(text).toContain(`<KeyCount>${keys}</KeyCount>`);
  });

  test('a listing is cut in its middle', async () => {
    const got = await seen('truncated-list', 'list');
    expect(got.status).toBe(200);
    expect(got.body.toString()).toContain('<ListBucketResult');
    expect(got.body.toString()).not.toContain('</ListBucketResult>');
  });
});

describe('choice', () => {
  const keys = Array.from({ length: 1000 }, (_, index) => `key-${index}`);

  test('the same seed hits the same attempts of the same keys, whatever the order', () => {
    const plan = parseFaultPlan('reset:0.1,flip:0.05@seed=7');
    const hits = (order: readonly string[]) => {
      const pick = createFaultPicker(plan);
      return new Map(order.map((key) => [key, pick('get', key)?.kind]));
    };
    const [forward, backward] = [hits(keys), hits([...keys].reverse())];
    for (const key of keys) expect(backward.get(key)).toBe(forward.get(key));
    const count = (kind: FaultKind) => [...forward.values()].filter((one) => one === kind).length;
    expect(count('reset')).toBeGreaterThan(60);
    expect(count('reset')).toBeLessThan(140);
    expect(count('flip')).toBeGreaterThan(20);
    expect(count('flip')).toBeLessThan(80);
  });

  test('only the first attempts, only some keys, only some operations', () => {
    const pick = createFaultPicker({
      faults: [{ kind: 'error500', times: 2, keys: ['a'], operations: ['get'] }],
    });
    expect([1, 2, 3].map(() => pick('get', 'a')?.kind)).toEqual(['error500', 'error500', undefined]);
    expect(pick('get', 'b')).toBeUndefined();
    expect(pick('list', 'a')).toBeUndefined();
  });

  test('only from a request on, whichever key it is for', () => {
    const pick = createFaultPicker({ faults: [{ kind: 'expired403', from: 3 }] });
    expect(['a', 'b', 'a', 'c'].map((key) => pick('get', key)?.kind)).toEqual([
      undefined,
      undefined,
      'expired403',
      'expired403',
    ]);
  });

  test('the text form', () => {
    expect(parseFaultPlan('reset:0.1,flip:.05x2,error500/list,expired403x9+20/get@seed=7')).toEqual({
      seed: 7,
      faults: [
        { kind: 'reset', rate: 0.1 },
        { kind: 'flip', rate: 0.05, times: 2 },
        { kind: 'error500', operations: ['list'] },
        { kind: 'expired403', times: 9, from: 20, operations: ['get'] },
      ],
    });
    for (const kind of FAULT_KINDS)
      expect(parseFaultPlan(`${kind}:0.5`).faults).toEqual([{ kind, rate: 0.5 }]);
    expect(() => parseFaultPlan('rest:0.1')).toThrow('"rest:0.1"');
    expect(() => parseFaultPlan('reset:2')).toThrow('above 1');
    expect(() => parseFaultPlan('reset@sed=1')).toThrow('@sed=1');
  });
});
