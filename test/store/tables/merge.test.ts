/** What comes into a table stays: versions beside versions, nothing doubled, nothing deleted. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dividends } from '#market/tables/actions.js';
import { news } from '#market/tables/news.js';
import { tickers } from '#market/tables/reference.js';
import { balanceSheets } from '#market/tables/statements.js';
import type { TableType } from '#market/tables/table-type.js';
import { type Duck, openDuck } from '#store/lake/duckdb.js';
import { tableFiles, tableFolder, tablePartitionFile } from '#store/tables/layout.js';
import { type Merge, type Merged, mergeWindow } from '#store/tables/merge.js';
import { currentView, versionsView } from '#store/tables/views.js';

let duck: Duck;
let dataDir: string;

beforeAll(async () => {
  duck = await openDuck({ memoryBytes: 200e6, threads: 2, spillFolder: os.tmpdir() });
});
afterAll(() => duck.close());
beforeEach(async () => {
  if (dataDir !== undefined) await rm(dataDir, { recursive: true, force: true });
  dataDir = await mkdtemp(path.join(os.tmpdir(), 'barloom-merge-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

type Row = Readonly<Record<string, unknown>>;

let moment = 0;
async function merge(type: TableType, rows: readonly Row[], more: Partial<Merge> = {}): Promise<Merged> {
  const file = path.join(dataDir, `${++moment}.ndjson`);
  await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const seenAt = `2026-03-01 10:00:${String(moment % 60).padStart(2, '0')}.000`;
  return mergeWindow(
    { type, staged: rows.length === 0 ? [] : [file], seenAt, ...more },
    { layout: { dataDir }, duck, checkLock: async () => undefined },
  );
}

const current = (type: TableType, columns: string): Promise<readonly Row[]> =>
  duck.rows(`SELECT ${columns} FROM (${currentView(type, { dataDir })}) ORDER BY ALL`);
const versions = (type: TableType, columns: string): Promise<readonly Row[]> =>
  duck.rows(`SELECT ${columns} FROM (${versionsView(type, { dataDir })}) ORDER BY ALL`);

const dividend = (id: string, more: Row = {}): Row => ({
  id,
  ticker: 'AAPL',
  ex_dividend_date: '2025-08-11',
  cash_amount: '0.26',
  currency: 'USD',
  frequency: 4,
  historical_adjustment_factor: 0.997899,
  ...more,
});

describe('the same records again', () => {
  it('add nothing and rewrite no byte', async () => {
    const first = await merge(dividends, [dividend('a'), dividend('b')]);
    expect(first).toMatchObject({ added: 2, changed: 0, gone: 0, rows: 2 });
    const file = path.join(tableFolder({ dataDir }, 'dividends'), tablePartitionFile('2025-08'));
    const before = await readFile(file);
    const again = await merge(dividends, [dividend('b'), dividend('a')]);
    expect(again).toMatchObject({ added: 0, changed: 0, sha256: first.sha256 });
    expect(again.files.size).toBe(0);
    expect(Buffer.compare(await readFile(file), before)).toBe(0);
  });

  it('are one record when they come twice in a window', async () => {
    expect(await merge(dividends, [dividend('a'), dividend('a')])).toMatchObject({
      repeated: 1,
      conflicting: 0,
      added: 1,
    });
    expect(await current(dividends, 'id')).toEqual([{ id: 'a' }]);
  });

  it('are one and the same record when they differ, in whatever order they came', async () => {
    const pair = [dividend('a', { cash_amount: '0.27' }), dividend('a')];
    const one = await merge(dividends, pair);
    const other = await merge(dividends, pair.toReversed());
    expect(one).toMatchObject({ repeated: 1, conflicting: 1 });
    expect(other.sha256).toBe(one.sha256);
    expect(other.files.size).toBe(0);
  });
});

describe('amounts', () => {
  it('keep their digits, exponents included', async () => {
    await merge(dividends, [
      dividend('a', { cash_amount: '0.123456789012345678', split_adjusted_cash_amount: '2.51e-05' }),
      dividend('b', { cash_amount: '2e+06' }),
    ]);
    expect(
      await current(
        dividends,
        'id, cash_amount::VARCHAR AS cash, split_adjusted_cash_amount::VARCHAR AS adjusted',
      ),
    ).toEqual([
      { id: 'a', cash: '0.123456789012345678', adjusted: '0.000025100000000000' },
      { id: 'b', cash: '2000000.000000000000000000', adjusted: null },
    ]);
  });
});

describe('another content', () => {
  it('is a new version beside the old', async () => {
    await merge(dividends, [dividend('a')], { assumedTo: '2026-03-01' });
    expect(await merge(dividends, [dividend('a', { cash_amount: '0.27' })])).toMatchObject({
      added: 0,
      changed: 1,
    });
    expect(await versions(dividends, 'version, cash_amount::DOUBLE AS cash, assumed')).toEqual([
      { version: 1, cash: 0.26, assumed: true },
      { version: 2, cash: 0.27, assumed: false },
    ]);
    expect(await current(dividends, 'cash_amount::DOUBLE AS cash')).toEqual([{ cash: 0.27 }]);
  });

  it('is none where only what moves by itself differs: that follows in its place', async () => {
    await merge(dividends, [dividend('a')]);
    const moved = await merge(dividends, [dividend('a', { historical_adjustment_factor: 0.5 })]);
    expect(moved).toMatchObject({ added: 0, changed: 0 });
    expect(await versions(dividends, 'version, historical_adjustment_factor AS factor')).toEqual([
      { version: 1, factor: 0.5 },
    ]);
  });

  it('under another date moves to its month, also back again', async () => {
    const there = dividend('a', { ex_dividend_date: '2025-09-02' });
    await merge(dividends, [dividend('a')]);
    await merge(dividends, [there]);
    expect(await current(dividends, 'ex_dividend_date::VARCHAR AS day')).toEqual([{ day: '2025-09-02' }]);
    await merge(dividends, [dividend('a')]);
    expect(await current(dividends, 'ex_dividend_date::VARCHAR AS day')).toEqual([{ day: '2025-08-11' }]);
    expect(await versions(dividends, 'version')).toHaveLength(3);
    expect([...tableFiles({ dataDir }, 'dividends').keys()]).toEqual(['2025-08', '2025-09']);
  });
});

describe('what a full list lacks', () => {
  const year = { holdsAll: "ex_dividend_date >= DATE '2025-01-01' AND ex_dividend_date < DATE '2026-01-01'" };

  it('is marked gone and never deleted; it comes back as a version of its own', async () => {
    await merge(dividends, [dividend('a'), dividend('b')], year);
    expect(await merge(dividends, [dividend('a')], year)).toMatchObject({ gone: 1 });
    expect(await current(dividends, 'id')).toEqual([{ id: 'a' }]);
    expect(await versions(dividends, 'id, gone_on::VARCHAR AS gone')).toEqual([
      { id: 'a', gone: null },
      { id: 'b', gone: '2026-03-01' },
    ]);
    expect(await merge(dividends, [dividend('a'), dividend('b')], year)).toMatchObject({
      changed: 1,
      gone: 0,
    });
    expect(await current(dividends, 'id')).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(await versions(dividends, 'id')).toHaveLength(3);
  });

  it('of an increment proves nothing', async () => {
    await merge(dividends, [dividend('a'), dividend('b')]);
    expect(await merge(dividends, [dividend('a')])).toMatchObject({ gone: 0 });
    expect(await current(dividends, 'id')).toHaveLength(2);
  });

  it('outside of the list is not looked at', async () => {
    await merge(dividends, [dividend('old', { ex_dividend_date: '2024-12-31' })]);
    expect(await merge(dividends, [], year)).toMatchObject({ gone: 0, rows: 0 });
  });

  it('is gone also where a whole month went', async () => {
    const sheet = {
      cik: '1',
      tickers: ['A'],
      filing_date: '2025-08-01',
      period_end: '2025-06-28',
      timeframe: 'quarterly',
    };
    await merge(balanceSheets, [sheet]);
    const all = {
      holdsAll: "filing_date >= DATE '2025-01-01' AND filing_date < DATE '2026-01-01'",
      months: { from: '2025-01', to: '2025-12' },
    };
    expect(await merge(balanceSheets, [], all)).toMatchObject({ gone: 1 });
  });
});

describe('records without their date', () => {
  it('stand in a partition of their own, and are counted', async () => {
    const merged = await merge(balanceSheets, [
      {
        cik: '1',
        timeframe: 'quarterly',
        period_end: '2025-06-28',
        filing_date: '2025-08-01',
        total_assets: 331495000000,
      },
      { cik: '2', timeframe: 'quarterly', period_end: '2025-06-28' },
      { cik: '3', timeframe: 'quarterly' },
    ]);
    expect(merged.undated).toBe(1);
    expect([...tableFiles({ dataDir }, 'balance_sheets').keys()]).toEqual(['2025-06', '2025-08', 'undated']);
    expect(await current(balanceSheets, 'cik, total_assets')).toHaveLength(3);
  });

  it('of a snapshot stand in the month they were seen in', async () => {
    await merge(tickers, [
      { ticker: 'BRK.B', market: 'stocks', active: true, name: 'Berkshire "B"\nHathaway, Inc' },
      { ticker: 'FB', market: 'stocks', active: false, delisted_utc: '2022-06-09T04:00:00Z' },
    ]);
    expect([...tableFiles({ dataDir }, 'tickers').keys()]).toEqual(['2026-03']);
    expect(await current(tickers, 'ticker, name, delisted_utc::VARCHAR AS gone')).toEqual([
      { ticker: 'BRK.B', name: 'Berkshire "B"\nHathaway, Inc', gone: null },
      { ticker: 'FB', name: null, gone: '2022-06-09 04:00:00' },
    ]);
  });
});

describe('news', () => {
  it('keeps what is nested, and what no column knows', async () => {
    await merge(news, [
      {
        id: 'n1',
        published_utc: '2024-06-03T23:59:59Z',
        title: 'Ünïcode 💹 "x"',
        tickers: ['AAPL', 'X:BTCUSD'],
        insights: [{ ticker: 'AAPL', sentiment: 'positive', sentiment_reasoning: 'a, "b"' }],
        extra: { later: [1, 2] },
      },
    ]);
    const [row] = await current(
      news,
      'title, tickers, insights::VARCHAR AS insights, extra::VARCHAR AS extra',
    );
    expect(row).toMatchObject({
      title: 'Ünïcode 💹 "x"',
      tickers: ['AAPL', 'X:BTCUSD'],
      insights: '[{"ticker":"AAPL","sentiment":"positive","sentiment_reasoning":"a, \\"b\\""}]',
      extra: '{"later":[1,2]}',
    });
    expect([...tableFiles({ dataDir }, 'news').keys()]).toEqual(['2024-06']);
  });
});

/** A list as it changes from day to day: what the table holds is what a plain model of it holds. */
describe('laws', () => {
  const lists = fc.array(
    fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        ex_dividend_date: fc.constantFrom('2025-01-15', '2025-02-15', '2025-02-20'),
        cash_amount: fc.constantFrom('1', '2', '2.50'),
      }),
      { selector: ({ id }) => id, maxLength: 4 },
    ),
    { minLength: 1, maxLength: 5 },
  );

  it('after any course of full lists the current rows are the last list, and no version is lost', async () => {
    await fc.assert(
      fc.asyncProperty(lists, async (course) => {
        await rm(path.join(dataDir, 'tables'), { recursive: true, force: true });
        const seen = new Set<string>();
        for (const list of course) {
          await merge(dividends, list, { holdsAll: 'true' });
          for (const row of list) seen.add(textOf(row));
        }
        const shown = 'id, ex_dividend_date::VARCHAR AS ex_dividend_date, cash_amount::DOUBLE AS cash_amount';
        const now = await current(dividends, shown);
        expect(now.map(textOf).sort()).toEqual(course.at(-1)?.map(textOf).sort());
        const kept = new Set((await versions(dividends, shown)).map(textOf));
        expect(kept).toEqual(seen);
      }),
      { numRuns: 12 },
    );
  });

  const textOf = ({ id, ex_dividend_date: day, cash_amount: cash }: Row): string =>
    `${String(id)} ${String(day)} ${Number(cash)}`;
});
