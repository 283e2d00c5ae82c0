/** The port's contract (src/platform/s3/port.ts) as one suite, which every implementation must pass. */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect } from '#platform/guard/collect.js';
import { SourceError, type SourceErrorKind } from '#platform/http/source-error.js';
import { md5OfEtag } from '#platform/s3/etag.js';
import { compareKeys } from '#platform/s3/key-order.js';
import type { ObjectStream, Source } from '#platform/s3/port.js';

export interface SourceUnderTest {
  /** A source over an empty bucket or folder. */
  readonly source: Source;
  put(key: string, bytes: Uint8Array): Promise<void> | void;
  close(): Promise<void> | void;
  /** A folder has no ETags; the tests of If-Match are left out then. */
  readonly hasEtags: boolean;
  /** A second view of the same bucket whose listings come in pages of two objects. */
  readonly paged?: Source | undefined;
}

const MONTH = 'us_stocks_sip/day_aggs_v1/2024/01/';
const UNLIMITED = { maxBytes: 1 << 30 };

export function describeSource(
  name: string,
  make: () => Promise<SourceUnderTest>,
  startTimeoutMs = 10_000,
): void {
  describe(`the source contract: ${name}`, () => {
    let subject: SourceUnderTest;
    const contents = new Map<string, Uint8Array>([
      [`${MONTH}2024-01-02.csv.gz`, randomBytes(250_000)],
      [`${MONTH}2024-01-03.csv.gz`, randomBytes(3_000_000)],
      [`${MONTH}2024-01-04.csv.gz`, new Uint8Array(0)],
      [`${MONTH}2024-01-05.csv.gz`, randomBytes(1)],
      [`${MONTH}2024-01-08.csv.gz`, randomBytes(65_536)],
      ['us_stocks_sip/day_aggs_v1/2024/011/not-january.csv.gz', randomBytes(10)],
      ['us_stocks_sip/day_aggs_v1/2024/02/2024-02-01.csv.gz', randomBytes(20)],
      ['order/B', randomBytes(1)],
      ['order/a', randomBytes(1)],
      ['order/a b+c&d=e%20(1).csv', randomBytes(2)],
      ['order/\u{1F600}', randomBytes(3)],
      ['order/\uFF5E', randomBytes(4)],
    ]);

    beforeAll(async () => {
      subject = await make();
      for (const [key, bytes] of contents) await subject.put(key, bytes);
    }, startTimeoutMs);
    afterAll(async () => {
      subject?.source.close();
      subject?.source.close();
      await subject?.close();
    }, 30_000);

    const bytesOf = (key: string) => contents.get(key) ?? new Uint8Array();
    const keysUnder = (prefix: string) =>
      [...contents.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);

    it('lists exactly the objects under a prefix, in byte order, with size and time', async () => {
      const listed = await subject.source.list(MONTH);
      expect(listed.map(({ key, size }) => [key, size])).toEqual(
        keysUnder(MONTH).map((key) => [key, bytesOf(key).length]),
      );
      for (const { lastModified } of listed) {
        expect(Math.abs(Date.now() - (lastModified?.getTime() ?? 0))).toBeLessThan(600_000);
      }
    });

    it('takes a prefix as text, not as a folder', async () => {
      const listed = await subject.source.list('us_stocks_sip/day_aggs_v1/2024/01');
      expect(listed.map(({ key }) => key)).toEqual(keysUnder('us_stocks_sip/day_aggs_v1/2024/01'));
      expect(listed.length).toBe(6);
    });

    it('orders keys by their UTF-8 bytes', async () => {
      expect((await subject.source.list('order/')).map(({ key }) => key)).toEqual(keysUnder('order/'));
    });

    it('lists everything under the empty prefix and nothing under an unknown one', async () => {
      expect((await subject.source.list('')).length).toBe(contents.size);
      expect(await subject.source.list('us_stocks_sip/day_aggs_v1/1999/01/')).toEqual([]);
      expect(await subject.source.list(`${MONTH}2024-01-02.csv.gz/`)).toEqual([]);
    });

    it('gives the same listing in pages', async ({ skip }) => {
      if (subject.paged === undefined) return skip();
      expect(await subject.paged.list('')).toEqual(await subject.source.list(''));
    });

    it('gets every object byte for byte, with its length announced', async () => {
      for (const [key, bytes] of contents) {
        const stream = await subject.source.get(key);
        expect(stream.contentLength, key).toBe(bytes.length);
        expect(Buffer.compare(await collect(stream, UNLIMITED), bytes), key).toBe(0);
      }
    });

    it('tells an ETag that is the MD5, in the listing and with the object, or none', async () => {
      const [first] = await subject.source.list(`${MONTH}2024-01-02`);
      const stream = await subject.source.get(`${MONTH}2024-01-02.csv.gz`);
      stream.cancel();
      const md5 = createHash('md5')
        .update(bytesOf(`${MONTH}2024-01-02.csv.gz`))
        .digest('hex');
      expect(first?.etag).toBe(subject.hasEtags ? md5 : undefined);
      expect(md5OfEtag(stream.etag)).toBe(subject.hasEtags ? md5 : undefined);
      expect(stream.lastModified).toBeInstanceOf(Date);
    });

    it('continues at a byte', async () => {
      const key = `${MONTH}2024-01-03.csv.gz`;
      const stream = await subject.source.get(key, { start: 1_999_999 });
      expect(stream.contentLength).toBe(1_000_001);
      expect(Buffer.compare(await collect(stream, UNLIMITED), bytesOf(key).subarray(1_999_999))).toBe(0);
      const whole = await subject.source.get(`${MONTH}2024-01-04.csv.gz`, { start: 0 });
      expect((await collect(whole, UNLIMITED)).length).toBe(0);
    });

    it('ends before a byte, and where the object does', async () => {
      const key = `${MONTH}2024-01-03.csv.gz`;
      const bytesBetween = async (start: number, end: number) =>
        collect(await subject.source.get(key, { start, end }), UNLIMITED);
      expect(Buffer.compare(await bytesBetween(0, 10), bytesOf(key).subarray(0, 10))).toBe(0);
      expect(Buffer.compare(await bytesBetween(7, 70_000), bytesOf(key).subarray(7, 70_000))).toBe(0);
      expect(Buffer.compare(await bytesBetween(2_999_000, 4_000_000), bytesOf(key).subarray(2_999_000))).toBe(
        0,
      );
    });

    it('refuses a byte beyond the end, since the object must have changed', async () => {
      await expectKind(subject.source.get(`${MONTH}2024-01-05.csv.gz`, { start: 1 }), 'changed');
    });

    it('refuses another version than the one asked for', async ({ skip }) => {
      if (!subject.hasEtags) return skip();
      const key = `${MONTH}2024-01-08.csv.gz`;
      const [listed] = await subject.source.list(key);
      const same = await subject.source.get(key, { ifMatch: listed?.etag, start: 10 });
      expect((await collect(same, UNLIMITED)).length).toBe(65_526);
      await expectKind(subject.source.get(key, { ifMatch: '0123456789abcdef0123456789abcdef' }), 'changed');
    });

    it('says not-found for an object that is not there, also for a folder of objects', async () => {
      await expectKind(subject.source.get(`${MONTH}2024-01-01.csv.gz`), 'not-found');
      await expectKind(subject.source.get(`${MONTH}2024-01-02.csv.gz/x`), 'not-found');
      await expectKind(subject.source.get('us_stocks_sip/day_aggs_v1/2024'), 'not-found');
    });

    it("ends with the signal's own reason, before, during and after the headers", async () => {
      const reason = new Error('the user has had enough');
      const signal = AbortSignal.abort(reason);
      await expect(subject.source.list(MONTH, { signal })).rejects.toBe(reason);
      await expect(subject.source.get(`${MONTH}2024-01-03.csv.gz`, { signal })).rejects.toBe(reason);
      const during = new AbortController();
      const listing = subject.source.list(MONTH, { signal: during.signal });
      during.abort(reason);
      await expect(listing).rejects.toBe(reason);
      const after = new AbortController();
      const stream = await subject.source.get(`${MONTH}2024-01-03.csv.gz`, { signal: after.signal });
      after.abort(reason);
      const outcome = await collect(stream, UNLIMITED).catch((error: unknown) => error);
      expect(outcome === reason).toBe(true);
    });

    it('goes on working after streams were cancelled or left half read', async () => {
      const key = `${MONTH}2024-01-03.csv.gz`;
      for (let n = 0; n < 20; n += 1) {
        const stream: ObjectStream = await subject.source.get(key);
        if (n % 2 === 0) {
          for await (const chunk of stream.body) if (chunk.length > 0) break;
        }
        stream.cancel();
        stream.cancel();
      }
      expect((await collect(await subject.source.get(key), UNLIMITED)).length).toBe(3_000_000);
    });

    it('serves sixteen at once', async () => {
      const key = `${MONTH}2024-01-02.csv.gz`;
      const all = await Promise.all(
        Array.from({ length: 16 }, async () => collect(await subject.source.get(key), UNLIMITED)),
      );
      for (const bytes of all) expect(Buffer.compare(bytes, bytesOf(key))).toBe(0);
    });
  });
}

export async function expectKind(answer: Promise<unknown>, kind: SourceErrorKind): Promise<SourceError> {
  const outcome = await answer.then(
    () => 'no error at all',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(SourceError);
  const error = outcome as SourceError;
  expect(error.kind, error.message).toBe(kind);
  return error;
}
