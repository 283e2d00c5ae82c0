import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import {
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { dayText } from '#sandbox/market/generator.js';
import { stockDays } from '#sandbox/market/stock-days.js';
import { clientOf, keyOf, NOW, running, STOCKS } from '../running.js';

const Bucket = 'flatfiles';

async function bytesOf(
  client: S3Client,
  key: string,
  more: { Range?: string; IfMatch?: string } = {},
): Promise<Uint8Array> {
  const answer = await client.send(new GetObjectCommand({ Bucket, Key: key, ...more }));
  return (await answer.Body?.transformToByteArray()) ?? new Uint8Array(0);
}

/** The code and status of the error that the SDK makes of an answer. */
async function refusal(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return `${$metadata?.httpStatusCode} ${name}`;
  }
  return 'no error';
}

describe('with the real SDK', () => {
  test('a month is listed, in pages, and each object is what was listed', async () => {
    const sandbox = await running({ pageSize: 8 });
    const client = clientOf(sandbox);
    const objects = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix: `${STOCKS}/2026/10/` })) {
      objects.push(...(page.Contents ?? []));
    }
    expect(objects).toHaveLength(22);
    expect(objects[0]?.LastModified?.toISOString()).toBe('2026-10-02T15:00:00.000Z');
    expect((await sandbox.requests()).lists).toBe(3);
    const market = stockDays({ seed: 1, tickers: 300 });
    for (const object of objects.slice(-3)) {
      const bytes = await bytesOf(client, object.Key ?? '');
      expect(bytes.length).toBe(object.Size);
      expect(object.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
      const day = object.Key?.slice(-17, -7) ?? '';
      expect(gunzipSync(bytes).equals(dayText(market, day))).toBe(true);
    }
  });

  test('folders, start-after, url encoding and characters that XML escapes', async () => {
    const objects = new Map([['odd/<a & "b">+ ü.txt', Buffer.from('x')]]);
    const client = clientOf(await running({ objects }));
    const years = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: `${STOCKS}/`, Delimiter: '/' }),
    );
    expect(years.CommonPrefixes).toHaveLength(24);
    const odd = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'odd/' }));
    expect(odd.Contents?.[0]?.Key).toBe('odd/<a & "b">+ ü.txt');
    expect(Buffer.from(await bytesOf(client, 'odd/<a & "b">+ ü.txt')).toString()).toBe('x');
    const encoded = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'odd/<', EncodingType: 'url' }),
    );
    expect(encoded.Contents?.[0]?.Key).toBe('odd/%3Ca%20%26%20%22b%22%3E%2B%20%C3%BC.txt');
    const late = await client.send(
      new ListObjectsV2Command({ Bucket, Prefix: `${STOCKS}/`, StartAfter: keyOf('2026-11-17') }),
    );
    expect(late.Contents?.map((one) => one.Key)).toEqual(['2026-11-18', '2026-11-19'].map(keyOf));
    await client.send(new GetBucketLocationCommand({ Bucket }));
  });

  test('HEAD, ranges and conditions', async () => {
    const client = clientOf(await running());
    const key = keyOf('2026-11-19');
    const whole = await bytesOf(client, key);
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: key }));
    expect(head.ContentLength).toBe(whole.length);
    expect(head.AcceptRanges).toBe('bytes');
    const etag = head.ETag ?? '';
    expect(
      Buffer.from(await bytesOf(client, key, { Range: 'bytes=100-', IfMatch: etag })).equals(
        whole.subarray(100),
      ),
    ).toBe(true);
    expect(
      Buffer.from(await bytesOf(client, key, { Range: 'bytes=10-19' })).equals(whole.subarray(10, 20)),
    ).toBe(true);
    expect(Buffer.from(await bytesOf(client, key, { Range: 'bytes=-8' })).equals(whole.subarray(-8))).toBe(
      true,
    );
    expect(await refusal(bytesOf(client, key, { Range: `bytes=${whole.length}-` }))).toBe('416 InvalidRange');
    expect(await refusal(bytesOf(client, key, { IfMatch: '"0"' }))).toBe('412 PreconditionFailed');
    const unchanged = client.send(new GetObjectCommand({ Bucket, Key: key, IfNoneMatch: etag }));
    expect(await refusal(unchanged)).toMatch(/^304 /);
  });

  test('what it is not for', async () => {
    const client = clientOf(await running());
    expect(await refusal(client.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' })))).toBe(
      '405 MethodNotAllowed',
    );
    expect(await refusal(client.send(new ListObjectsV2Command({ Bucket: 'other' })))).toBe(
      '404 NoSuchBucket',
    );
  });
});

describe('strangers', () => {
  const ask = (client: S3Client) => refusal(client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 1 })));

  test('wrong secret, wrong key, wrong clock, no signature', async () => {
    const sandbox = await running();
    const { accessKeyId, secretAccessKey } = sandbox.credentials;
    expect(await ask(clientOf(sandbox, { accessKeyId, secretAccessKey: 'guess' }))).toBe(
      '403 SignatureDoesNotMatch',
    );
    expect(await ask(clientOf(sandbox, { accessKeyId: 'guess', secretAccessKey }))).toBe(
      '403 InvalidAccessKeyId',
    );
    const late = await running({ clock: () => new Date(Date.now() + 16 * 60_000) });
    expect(await ask(clientOf(late))).toBe('403 RequestTimeTooSkewed');
    const unsigned = await fetch(`${sandbox.endpoint}/${Bucket}?list-type=2`);
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toContain('<Code>AccessDenied</Code>');
  });

  test('a signature holds for its own request only', async () => {
    const sandbox = await running();
    const client = clientOf(sandbox);
    // A relay that asks for another key than was signed.
    client.middlewareStack.add(
      (next) => (args) => {
        const request = args.request as { path: string };
        request.path = request.path.replace('2026-11-19', '2026-11-18');
        return next(args);
      },
      { step: 'deserialize', name: 'tamper' },
    );
    expect(await refusal(bytesOf(client, keyOf('2026-11-19')))).toBe('403 SignatureDoesNotMatch');
  });

  test('curl signs the same way', async ({ skip }) => {
    if (!spawnSync('curl', ['--help', 'all']).stdout?.includes('--aws-sigv4'))
      skip('no curl with --aws-sigv4');
    const sandbox = await running();
    const { accessKeyId, secretAccessKey } = sandbox.credentials;
    const url = `${sandbox.endpoint}/${Bucket}?list-type=2&prefix=${encodeURIComponent(`${STOCKS}/2026/11/`)}`;
    const curl = async (secret: string) => {
      const signed = ['--aws-sigv4', 'aws:amz:us-east-1:s3', '--user', `${accessKeyId}:${secret}`];
      return (await promisify(execFile)('curl', ['-s', ...signed, url])).stdout;
    };
    expect(await curl(secretAccessKey)).toContain(`<Key>${keyOf('2026-11-19')}</Key>`);
    expect(await curl('guess')).toContain('<Code>SignatureDoesNotMatch</Code>');
  });
});

describe('presence', () => {
  test('holidays, missing, pending and denied days', async () => {
    const sandbox = await running();
    const client = clientOf(sandbox);
    const listed = async (day: string) => {
      const page = await client.send(new ListObjectsV2Command({ Bucket, Prefix: keyOf(day) }));
      return (page.KeyCount ?? 0) === 1;
    };
    const state = async (day: string) => `${await listed(day)} ${await refusal(bytesOf(client, keyOf(day)))}`;
    expect(await state('2026-11-19')).toBe('true no error');
    expect(await state('2026-11-20')).toBe('false 404 NoSuchKey');
    expect(await state('2026-11-26')).toBe('false 404 NoSuchKey');
    expect(await state('2026-07-03')).toBe('false 404 NoSuchKey');
    expect(await state('2022-03-15')).toBe('false 404 NoSuchKey');
    expect(await state('2021-11-22')).toBe('true no error');
    expect(await state('2021-11-19')).toBe('true 403 AccessDenied');
    expect(await state('2003-09-10')).toBe('true 403 AccessDenied');
    expect(await state('2003-09-09')).toBe('false 404 NoSuchKey');
  });

  test('a day is there from the second at which it is due', async () => {
    const due = new Date('2026-11-20T16:00:00Z');
    for (const [now, expected] of [
      [new Date(due.getTime() - 1000), '403 AccessDenied'],
      [due, 'no error'],
    ] as const) {
      const sandbox = await running({ now, pendingStatus: 403 });
      expect(await refusal(bytesOf(clientOf(sandbox), keyOf('2026-11-19')))).toBe(expected);
    }
  });

  test('chosen gaps', async () => {
    const sandbox = await running({
      missing: ['2026-11-18'],
      denied: [{ start: '2026-11-12', end: '2026-11-13' }],
    });
    const client = clientOf(sandbox);
    const answers = ['2026-11-11', '2026-11-12', '2026-11-13', '2026-11-16', '2026-11-18', '2003-09-10'];
    expect(await Promise.all(answers.map((day) => refusal(bytesOf(client, keyOf(day)))))).toEqual([
      'no error',
      '403 AccessDenied',
      '403 AccessDenied',
      'no error',
      '404 NoSuchKey',
      'no error',
    ]);
  });
});

describe('changes', () => {
  test('replaced and removed objects', async () => {
    const sandbox = await running();
    const client = clientOf(sandbox);
    const key = keyOf('2026-11-18');
    const head = () => client.send(new HeadObjectCommand({ Bucket, Key: key }));
    const first = await head();
    const text = gunzipSync(await bytesOf(client, key)).toString();

    await sandbox.replace(key, 'recompressed');
    const second = await head();
    expect(second.ETag).not.toBe(first.ETag);
    expect(second.LastModified?.getTime()).toBeGreaterThan(first.LastModified?.getTime() ?? 0);
    expect(gunzipSync(await bytesOf(client, key)).toString()).toBe(text);

    await sandbox.replace(key, 'corrected');
    expect(gunzipSync(await bytesOf(client, key)).toString()).not.toBe(text);

    await sandbox.replace(key, Buffer.from('bytes'), NOW);
    expect(Buffer.from(await bytesOf(client, key)).toString()).toBe('bytes');
    expect((await head()).LastModified).toEqual(NOW);

    await sandbox.remove(key);
    expect(await refusal(bytesOf(client, key))).toBe('404 NoSuchKey');
    expect((await sandbox.requests()).getsByKey[key]).toBe(5);
    await expect(sandbox.replace('nothing', 'corrected')).rejects.toThrow(RangeError);
  });

  test('no room in memory changes nothing but the time it takes', async () => {
    const [roomy, tight] = [await running(), await running({ cacheBytes: 0 })];
    for (const day of ['2026-11-19', '2026-11-18', '2026-11-19']) {
      const bytes = await bytesOf(clientOf(tight), keyOf(day));
      expect(Buffer.from(bytes).equals(await bytesOf(clientOf(roomy), keyOf(day)))).toBe(true);
    }
  });
});

test('closing ends open connections at once, twice if need be; a port in use is an error', async () => {
  const sandbox = await running({ faults: { faults: [{ kind: 'stall' }] } });
  const body = bytesOf(clientOf(sandbox), keyOf('2026-11-19'));
  body.catch(() => undefined);
  while ((await sandbox.requests()).gets === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const began = performance.now();
  await sandbox.close();
  await sandbox.close();
  expect(performance.now() - began).toBeLessThan(500);
  await expect(body).rejects.toThrow();

  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  await expect(running({ port })).rejects.toThrow('EADDRINUSE');
  other.close();
});
