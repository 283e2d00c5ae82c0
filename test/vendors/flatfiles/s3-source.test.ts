import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collect } from '#platform/guard/collect.js';
import type { SourceErrorKind } from '#platform/http/source-error.js';
import type { Source } from '#platform/s3/port.js';
import { openS3 } from '#platform/s3/s3-source.js';
import {
  error,
  listingXml,
  MINI_BUCKET,
  MINI_KEYS,
  type MiniS3,
  startMiniS3,
} from '../../support/mini-s3.js';
import { describeSource, expectKind } from './conformance.js';

const SETTINGS = { bucket: MINI_BUCKET, region: 'us-east-1', credentials: MINI_KEYS, concurrency: 8 };

describeSource('S3 over a minimal server', async () => {
  const mini = await startMiniS3();
  return {
    source: await openS3({ ...SETTINGS, endpoint: mini.endpoint }),
    paged: await openS3({ ...SETTINGS, endpoint: mini.endpoint, pageSize: 2 }),
    put: mini.put,
    hasEtags: true,
    close: mini.close,
  };
});

describe('an S3 server that misbehaves', () => {
  let mini: MiniS3;
  let source: Source;
  beforeEach(async () => {
    mini = await startMiniS3();
    source = await openS3({ ...SETTINGS, endpoint: mini.endpoint });
    mini.put('a/1', Buffer.alloc(100_000, 7));
    mini.put('a/2', Buffer.alloc(10));
  });
  afterEach(async () => {
    source.close();
    await mini.close();
  });

  const answer = (respond: (response: ServerResponse) => void) => {
    mini.intercept = (_, response) => {
      respond(response);
      return true;
    };
  };
  const xml = (response: ServerResponse, body: string) =>
    response.writeHead(200, { 'content-type': 'application/xml' }).end(body);

  it('keys that are listed URL-encoded, as the answer says, are decoded', async () => {
    const contents = '<Contents><Key>a/x%2By%2F2024+01.csv.gz</Key><Size>3</Size></Contents>';
    answer((response) =>
      xml(
        response,
        listingXml(contents, 1).replace('<KeyCount>', '<EncodingType>url</EncodingType><KeyCount>'),
      ),
    );
    expect((await source.list('a/')).map(({ key }) => key)).toEqual(['a/x+y/2024 01.csv.gz']);
  });

  it.each<[number, string, SourceErrorKind, SourceErrorKind]>([
    [403, 'AccessDenied', 'denied', 'denied'],
    [403, '', 'denied', 'denied'],
    [403, 'InvalidAccessKeyId', 'unauthenticated', 'unauthenticated'],
    [403, 'SignatureDoesNotMatch', 'unauthenticated', 'unauthenticated'],
    [403, 'RequestTimeTooSkewed', 'skewed', 'skewed'],
    [400, 'ExpiredToken', 'unauthenticated', 'unauthenticated'],
    [400, 'InvalidToken', 'unauthenticated', 'unauthenticated'],
    [400, 'AuthorizationHeaderMalformed', 'unauthenticated', 'unauthenticated'],
    [401, '', 'unauthenticated', 'unauthenticated'],
    [404, 'NoSuchKey', 'not-found', 'not-found'],
    [404, 'NoSuchBucket', 'configuration', 'configuration'],
    [412, 'PreconditionFailed', 'changed', 'changed'],
    [429, 'TooManyRequests', 'throttled', 'throttled'],
    [503, 'SlowDown', 'throttled', 'throttled'],
    [503, '', 'throttled', 'throttled'],
    [500, 'InternalError', 'server', 'server'],
    [502, '', 'server', 'server'],
    [301, 'PermanentRedirect', 'configuration', 'configuration'],
    [307, 'TemporaryRedirect', 'server', 'server'],
    [308, '', 'configuration', 'configuration'],
    [400, 'RequestTimeout', 'network', 'network'],
    [400, 'InvalidRequest', 'configuration', 'configuration'],
  ])('%i %s: a get is %s, a listing %s', async (status, code, forGet, forList) => {
    answer((response) => (code === '' ? response.writeHead(status).end() : error(response, status, code)));
    const got = await expectKind(source.get('a/1'), forGet);
    const listed = await expectKind(source.list('a/'), forList);
    for (const refused of [got, listed]) {
      expect(refused.status).toBe(status);
      expect(refused.message).toContain(String(status));
      expect(refused.message).toMatch(/a\//);
      const everything = `${refused.stack} ${JSON.stringify(refused)} ${JSON.stringify(refused.cause)}`;
      expect(everything).not.toMatch(/MINIKEY|minisecret|Signature=|AWS4-HMAC/);
    }
    if (code === 'RequestTimeTooSkewed')
      expect(got.message).toContain("although this computer's clock agrees");
  });

  it('passes on how long the server wants us to wait, in seconds or as a date', async () => {
    answer((response) => error(response, 503, 'SlowDown', { 'retry-after': '7' }));
    expect((await expectKind(source.get('a/1'), 'throttled')).retryAfterMs).toBe(7000);
    answer((response) =>
      error(response, 429, 'SlowDown', {
        date: 'Fri, 02 Feb 2024 10:00:00 GMT',
        'retry-after': 'Fri, 02 Feb 2024 10:00:30 GMT',
      }),
    );
    expect((await expectKind(source.list('a/'), 'throttled')).retryAfterMs).toBe(30_000);
  });

  const contents = '<Contents><Key>a/1</Key><Size>1</Size></Contents>';
  it.each([
    [
      'an HTML page',
      '<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>Welcome<br></body></html>',
    ],
    ['well-formed HTML', '<html><body><p>Log in</p></body></html>'],
    ['nothing', ''],
    ['text', 'hello'],
    ['a listing cut in an element', listingXml(contents.repeat(3), 3).slice(0, 330)],
    ['a listing cut between elements', listingXml(contents.repeat(3), 3).split('<KeyCount>')[0] ?? ''],
    ['a listing cut before its objects', listingXml(contents, 1).split('<Contents>')[0] ?? ''],
    ['a listing that lacks objects', listingXml(contents, 2)],
    ['an object without size', listingXml('<Contents><Key>a/1</Key></Contents>', 1)],
    ['an object of -5 bytes', listingXml('<Contents><Key>a/1</Key><Size>-5</Size></Contents>', 1)],
    ['an object of many bytes', listingXml('<Contents><Key>a/1</Key><Size>many</Size></Contents>', 1)],
    ['more bytes than a page can have', listingXml(' '.repeat(9 << 20), 0)],
    ['more pages without a token', listingXml(contents, 1, '')],
    ['the same token for ever', listingXml(contents, 1, 'again')],
  ])('takes %s for no listing', async (_, body) => {
    answer((response) => xml(response, body));
    await expectKind(source.list('a/'), 'server');
    expect(mini.requests.length).toBeLessThan(4);
  });

  it('gives up on pages without end, and lists what stands on two pages once', async () => {
    let page = 0;
    let last = Number.POSITIVE_INFINITY;
    answer((response) => {
      page += 1;
      xml(response, listingXml(contents, 1, page < last ? `token-${page}` : undefined));
    });
    await expectKind(source.list('a/'), 'server');
    expect(page).toBeLessThan(200);
    page = 0;
    last = 3;
    expect((await source.list('a/')).length).toBe(1);
  });

  it('drops keys that were not asked for, and sorts', async () => {
    const key = (name: string) => `<Contents><Key>${name}</Key><Size>1</Size><ETag>"x"\n</ETag></Contents>`;
    answer((response) => xml(response, listingXml(key('a/2') + key('b/1') + key('a/1'), 3)));
    expect(await source.list('a/')).toEqual([
      { key: 'a/1', size: 1, etag: 'x', lastModified: undefined },
      { key: 'a/2', size: 1, etag: 'x', lastModified: undefined },
    ]);
  });

  it('refuses an answer to a range that is the whole object, or another range', async () => {
    answer((response) => response.writeHead(200, { 'content-length': 5 }).end('hello'));
    await expectKind(source.get('a/1', { start: 2 }), 'server');
    answer((response) => response.writeHead(206, { 'content-range': 'bytes 0-4/5' }).end('hello'));
    await expectKind(source.get('a/1', { start: 2 }), 'server');
  });

  it('says network for resets, refusals and unknown hosts', async () => {
    answer((response) => response.socket?.resetAndDestroy());
    await expectKind(source.get('a/1'), 'network');
    await expectKind(source.list('a/'), 'network');
    answer((response) => {
      response
        .writeHead(200, { 'content-length': 1000 })
        .write('abc', () => response.socket?.resetAndDestroy());
    });
    await expectKind(
      source.get('a/1').then((stream) => collect(stream, { maxBytes: 2000 })),
      'network',
    );
    answer((response) => {
      response.writeHead(200, { 'content-length': 1000 }).write('abc', () => response.socket?.end());
    });
    await expectKind(
      source.get('a/1').then((stream) => collect(stream, { maxBytes: 2000 })),
      'network',
    );
    for (const endpoint of [
      'http://127.0.0.1:1',
      'http://no-such-host.invalid',
      mini.endpoint.replace('http:', 'https:'),
    ]) {
      const elsewhere = await openS3({ ...SETTINGS, endpoint });
      for (const ask of [() => elsewhere.list('a/'), () => elsewhere.get('a/1')]) {
        const refused = await expectKind(ask(), 'network');
        expect(refused.message).toContain(endpoint);
      }
      elsewhere.close();
    }
  });

  it('says server for an answer that is not HTTP', async () => {
    answer((response) => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await expectKind(source.list('a/'), 'server');
    await expectKind(source.get('a/1'), 'server');
  });

  it.each<[string, (response: ServerResponse) => unknown]>([
    ['breaks', (response) => response.write('<Error><Code>', () => response.socket?.resetAndDestroy())],
    ['is a page', (response) => response.end('<html><body><code>NoSuchBucket</code></body></html>')],
    ['is endless', (response) => response.end('<Error>'.padEnd(10_000_000))],
  ])('judges a get by its status where the error %s', async (_, send) => {
    answer((response) => {
      response.writeHead(503, { 'retry-after': '3' });
      send(response);
    });
    const error = await expectKind(source.get('a/1'), 'throttled');
    expect([error.status, error.retryAfterMs]).toEqual([503, 3000]);
  });

  it('keeps one connection through listings, gets and refusals, and ends it when closed', async () => {
    for (let n = 0; n < 5; n += 1) {
      await source.list('a/');
      await collect(await source.get('a/1'), { maxBytes: 100_000 });
      await expectKind(source.get('a/none'), 'not-found');
      expect(mini.openConnections()).toBe(1);
    }
    source.close();
    while (mini.openConnections() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const onlyGets = await openS3({ ...SETTINGS, endpoint: mini.endpoint });
    await collect(await onlyGets.get('a/1'), { maxBytes: 100_000 });
    expect(mini.openConnections()).toBe(1);
    onlyGets.close();
    while (mini.openConnections() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it.each(['get', 'list'] as const)(
    "signs by the server's clock once a refusal of a %s has told it, and tells of it once",
    async (verb) => {
      const signedAt: string[] = [];
      const theirs = new Date(Date.now() + 20 * 60 * 60_000);
      const hour = theirs.toISOString().replaceAll('-', '').slice(0, 10);
      const ahead: number[] = [];
      const off = await openS3({ ...SETTINGS, endpoint: mini.endpoint, onClockOff: (ms) => ahead.push(ms) });
      const ask = async () =>
        verb === 'get' ? (await off.get('a/1')).cancel() : void (await off.list('a/'));
      mini.intercept = (request, response) => {
        signedAt.push(String(request.headers['x-amz-date']).slice(0, 10));
        response.setHeader('date', theirs.toUTCString());
        if (signedAt.length > 1) return false;
        error(response, 403, 'RequestTimeTooSkewed');
        return true;
      };
      const refused = await expectKind(ask(), 'skewed');
      expect(refused.message).toMatch(/clock is 1200 min behind the server's/);
      await ask();
      await ask();
      expect(signedAt[0]).not.toBe(hour);
      expect(new Set(signedAt.slice(1))).toEqual(new Set([hour]));
      expect(ahead.length).toBe(1);
      off.close();
    },
  );

  it('a clock that is more than a day off is to be set: nothing is signed for a day far from ours', async () => {
    mini.intercept = (_, response) => {
      response.setHeader('date', 'Sat, 01 Jan 2050 05:30:00 GMT');
      error(response, 403, 'RequestTimeTooSkewed');
      return true;
    };
    const refused = await expectKind(source.list('a/'), 'skewed');
    expect(refused.message).toMatch(/clock is \d{7,} min behind the server's, more than a day: set it/);
    expect(refused.final).toBe(true);
  });

  it.each([
    'Tue, 01 Jan 2036 00:00:00 GMT',
    'Fri, 31 Dec 275759 00:00:00 GMT',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    'soon',
  ])('does not date its requests by a Date of %s', async (date) => {
    const signedAt: string[] = [];
    mini.intercept = (request, response) => {
      signedAt.push(String(request.headers['x-amz-date']).slice(0, 4));
      response.setHeader('date', date);
      return false;
    };
    for (let n = 0; n < 2; n += 1) {
      await source.list('a/');
      (await source.get('a/1')).cancel();
    }
    expect(new Set(signedAt)).toEqual(new Set([String(new Date().getUTCFullYear())]));
  });

  it('asks below the path of an endpoint that has one, with the key as it is', async () => {
    const below = await openS3({ ...SETTINGS, endpoint: `${mini.endpoint}/base` });
    const seen: unknown[] = [];
    mini.intercept = (request, response) => {
      seen.push(request.url);
      response.writeHead(200, { 'last-modified': 'rubbish', etag: '""' }).end('hello');
      return true;
    };
    const stream = await below.get("a//b/../c d+é'(1)*!~.gz");
    expect(stream).toMatchObject({ contentLength: undefined, etag: undefined, lastModified: undefined });
    expect((await collect(stream, { maxBytes: 5 })).length).toBe(5);
    expect(seen).toEqual(['/base/flatfiles/a//b/../c%20d%2B%C3%A9%27%281%29%2A%21~.gz']);
    below.close();
  });

  it('breaks off a request that is under way when the signal says so, and frees its connection', async () => {
    answer(() => {});
    const controller = new AbortController();
    const reason = new Error('enough');
    const pending = source.get('a/1', { signal: controller.signal });
    while (mini.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    while (mini.openConnections() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('sends the session token, and asks the given host with the bucket in the path only', async () => {
    const token = await openS3({
      ...SETTINGS,
      endpoint: mini.endpoint,
      credentials: { ...MINI_KEYS, sessionToken: 'SESSION' },
    });
    let seen: unknown;
    mini.intercept = (request) => {
      seen = request.headers['x-amz-security-token'];
      return false;
    };
    await token.list('a/');
    expect(seen).toBe('SESSION');
    seen = undefined;
    (await token.get('a/1')).cancel();
    expect(seen).toBe('SESSION');
    token.close();
    expect(mini.requests[0]).toMatch(/^GET \/flatfiles\/?\?/);
    expect(mini.requests[1]).toBe('GET /flatfiles/a/1');
  });

  it('is not led elsewhere by the environment or by ~/.aws', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'barloom-aws-'));
    const config = join(dir, 'config');
    await writeFile(
      config,
      '[profile massive]\nuse_fips_endpoint = true\nendpoint_url = https://s3.amazonaws.com\n',
    );
    const misleading = {
      AWS_PROFILE: 'massive',
      AWS_CONFIG_FILE: config,
      AWS_ENDPOINT_URL: 'https://s3.amazonaws.com',
      AWS_ENDPOINT_URL_S3: 'https://s3.amazonaws.com',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_REGION: 'eu-west-3',
      AWS_ACCESS_KEY_ID: 'SOMEBODYELSE',
      AWS_SECRET_ACCESS_KEY: 'somebodyelse',
    };
    for (const [name, value] of Object.entries(misleading)) vi.stubEnv(name, value);
    try {
      const led = await openS3({ ...SETTINGS, endpoint: mini.endpoint });
      let authorization: string | undefined;
      mini.intercept = (request) => {
        authorization = request.headers.authorization;
        return false;
      };
      expect((await led.list('a/')).length).toBe(2);
      expect(authorization).toMatch(/Credential=MINIKEY\/\d{8}\/us-east-1\/s3\//);
      led.close();
    } finally {
      vi.unstubAllEnvs();
      await rm(dir, { recursive: true });
    }
  });
});
