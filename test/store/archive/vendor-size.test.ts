/**
 * A day takes no more room in the archive than in the vendor's file: 1.03 times gzip's usual level at most,
 * on rows as varied as real ones.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { datasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { indexDay } from '#market/records/day-index.js';
import { sandboxDatasets } from '#sandbox/market/datasets.js';
import { dayText } from '#sandbox/market/generator.js';
import { buildArchive } from '#store/archive/day-archive.js';

const ROWS = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'rows');
const NOW = new Date('2026-11-20T17:00:00Z');
const MOST_TEXT = 2 << 20;

/** How many times as large as the vendor's file. */
function ratio(text: Uint8Array, dataset: Dataset): number {
  const { bytes } = buildArchive(indexDay(text, { records: dataset.records }), dataset.memberForm);
  return bytes.length / gzipSync(text, { level: 6 }).length;
}

test.each(readdirSync(ROWS))('%s', (file) => {
  const dataset = datasets.get(file.replace('.csv.gz', '')) as Dataset;
  expect(ratio(gunzipSync(readFileSync(path.join(ROWS, file))), dataset)).toBeLessThanOrEqual(1.03);
});

const served = sandboxDatasets({ seed: 1, tickers: 3000, now: NOW, trueDays: 0, trueRows: 0 });

const ofSandbox = served.flatMap((generator) => {
  const dataset = [...datasets.values()].find(({ prefix }) => prefix === generator.prefix);
  return dataset === undefined ? [] : [{ name: dataset.name, dataset, generator }];
});

test('the sandbox serves datasets that are known', () => {
  expect(ofSandbox).toHaveLength(served.length);
});

/** The sandbox has some twenty contracts an exchange: of 3 kB the members' headers alone are more. */
const tooSmall = /^futures_\w+_daily$/;

test.each(ofSandbox.filter(({ name }) => !tooSmall.test(name)))(
  "the sandbox's $name",
  ({ dataset, generator }) => {
    for (const day of ['2026-11-18', '2025-06-18']) {
      const text = dayText(generator, day);
      const some = text.length < MOST_TEXT ? text : text.subarray(0, text.lastIndexOf(10, MOST_TEXT) + 1);
      expect(ratio(some, dataset), day).toBeLessThanOrEqual(1.03);
    }
  },
);
