/**
 * Minute files with the vendor's number forms, through the real command: each number of a series is the
 * text's, by arithmetic of the test's own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { datasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { tickerOfFileName } from '#store/series/file-name.js';
import { Workdir } from '../../support/workdir.js';

const ROWS = path.join(import.meta.dirname, '..', '..', '..', 'fixtures', 'rows');
const COLUMNS = ['Open', 'High', 'Low', 'Close', 'Volume'];

it.each([
  ['crypto_minute', '2024-01-01'],
  ['forex_minute', '2024-01-01'],
  ['options_minute', '2024-09-13'],
  ['stocks_minute', '2026-10-02'],
])('%s', async (name, day) => {
  const dataset = datasets.get(name) as Dataset;
  const object = readFileSync(path.join(ROWS, `${name}.csv.gz`));
  const work = await Workdir.make();
  work.now = '2026-11-20T17:00:00Z';
  const [year, month] = day.split('-');
  const key = path.join('mirror', dataset.prefix, `${year}`, `${month}`, `${day}.csv.gz`);
  work.endpoint = `file:${path.dirname(await work.write(path.join('..', 'mirror', 'here'), ''))}`;
  await work.write(path.join('..', key), object);
  const { code, stderr } = await work.populate(`-t ${name} --start ${day} --end ${day} --all-tickers`);
  expect(code, stderr).toBe(0);

  const text = gunzipSync(object).toString();
  const archived = readFileSync(work.at('massive_cache', dataset.folder, `${day}.csv.gz`));
  expect(gunzipSync(archived).toString()).toBe(text);
  const rows = new Map<string, string[]>();
  for (const line of text.trimEnd().split('\n').slice(1)) {
    const [ticker = '', volume, open, close, high, low] = line.split(',');
    rows.set(ticker, [...(rows.get(ticker) ?? []), exact([open, high, low, close, volume])]);
  }
  const series = new Map<string, string[]>();
  for (const file of readdirSync(work.at('data_cache', dataset.seriesFolder))) {
    const [header = '', ...lines] = work.read('data_cache', dataset.seriesFolder, file).trimEnd().split('\n');
    const placeOf = (column: string): number => header.split(',').indexOf(column);
    const own = tickerOfFileName(file, dataset.series) ?? '';
    for (const line of lines) {
      const fields = line.split(',');
      // Of options it is an underlying's, with a column for the contract.
      const ticker = placeOf('Contract') < 0 ? own : `O:${fields[placeOf('Contract')]}`;
      const values = COLUMNS.map((column) => fields[placeOf(column)]);
      series.set(ticker, [...(series.get(ticker) ?? []), exact(values)]);
    }
  }
  expect(series).toEqual(rows);
});

/** Decimal texts as numerator and power of ten, without a float: `1.50e-7` is 15e-8. */
function exact(numbers: readonly (string | undefined)[]): string {
  return numbers
    .map((number) => {
      const parts = /^(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/.exec(number ?? 'none');
      if (parts === null) throw new Error(`no decimal: ${number}`);
      const [, whole = '', fraction = '', exponent = '0'] = parts;
      let digits = BigInt(whole + fraction);
      let power = Number(exponent) - fraction.length;
      for (; digits !== 0n && digits % 10n === 0n; digits /= 10n) power++;
      return digits === 0n ? '0' : `${digits}e${power}`;
    })
    .join();
}
