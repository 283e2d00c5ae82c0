import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '#platform/http/retry-after.js';
import { cleanEtag, md5OfEtag } from '#platform/s3/etag.js';
import { compareKeys } from '#platform/s3/key-order.js';

const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

describe('ETags', () => {
  it.each([
    [`"${MD5}"`, MD5],
    [`"${MD5}"\n`, MD5],
    [` "${MD5}\n" `, MD5],
    [MD5.toUpperCase(), MD5],
    [`W/"${MD5}"`, MD5],
    [`"${MD5}-12"`, undefined],
    ['""', undefined],
    ['', undefined],
    [undefined, undefined],
    [`"${MD5}0"`, undefined],
  ])('%j is the MD5 %s', (raw, md5) => {
    expect(md5OfEtag(raw)).toBe(md5);
    expect(cleanEtag(raw)).toBe(raw === undefined ? undefined : raw.replace(/W\/|["\s]/g, '') || undefined);
  });
});

describe('Retry-After', () => {
  const date = 'Fri, 02 Feb 2024 10:00:00 GMT';
  it.each([
    [{ 'retry-after': '3' }, 3000],
    [{ 'Retry-After': ' 0.5 ' }, 500],
    [{ 'retry-after': 'Fri, 02 Feb 2024 10:02:00 GMT', date }, 120_000],
    [{ 'retry-after': 'Fri, 02 Feb 2024 09:00:00 GMT', date }, 0],
    [{ 'retry-after': 'Fri, 02 Feb 2024 10:02:00 GMT' }, undefined],
    [{ 'retry-after': 'soon', date }, undefined],
    [{ 'retry-after': '-1', date }, undefined],
    [{}, undefined],
  ])('%j: %s ms', (headers, ms) => {
    expect(retryAfterMs(headers)).toBe(ms);
  });
});

it('orders keys by bytes where UTF-16 would not', () => {
  const [tilde, smile] = ['\uFF5E', '\u{1F600}'];
  expect(['b', smile, 'a', tilde, 'B'].sort(compareKeys)).toEqual(['B', 'a', 'b', tilde, smile]);
});
