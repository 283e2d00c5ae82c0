/**
 * Day files as the first encoder wrote them, in members of 12 KiB and of 65,280 bytes, are read as ever:
 * whole, through a table, and by verify.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stocksDaily, stocksMinute } from '#market/datasets/stocks.js';
import { indexDay } from '#market/records/day-index.js';
import { inflateArchive } from '#store/archive/bgzf.js';
import { rebuildToc } from '#store/archive/build-toc.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { checkLargeDay } from '#tasks/verify/check-large-day.js';

const FOLDER = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'archive');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test.each([
  [stocksDaily, 'bac96082220fd90886a657523751176b882778d9ac352c0b27e3495018ebefc1', 4],
  [stocksMinute, '3b67fafbdb36a67e51873ed6a157dc5cb173a07917187866b2aeb61f796b0e6e', 5],
] as const)('%o', (dataset, hash, least) => {
  const name = path.join(FOLDER, `${dataset.name}-first-encoder.csv.gz`);
  const file = readFileSync(name);
  const text = inflateArchive(file, dataset);
  expect(sha256(text)).toBe(hash);
  // No longer the very bytes, and the same text.
  const built = buildArchive(indexDay(text), dataset.memberForm);
  expect(Buffer.compare(built.bytes, file)).not.toBe(0);
  expect(Buffer.compare(inflateArchive(built.bytes, dataset), text)).toBe(0);
  expect(rebuildToc(file, 7, dataset)?.offsets.length ?? 0).toBeGreaterThanOrEqual(least - 2);
  const window = { from: 0, to: Number.MAX_SAFE_INTEGER };
  expect(checkLargeDay(name, dataset, window)).toMatchObject({ sha256: hash, form: 'barloom' });
});
