/** Which windows are fetched: the truth table of plan-table.ts, and that no day of the vendor's is left out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KnownTable, planTable, type TableWish } from '#ingest/tables/plan-table.js';
import { spansOf } from '#ingest/tables/spans.js';
import { dividends } from '#market/tables/actions.js';
import { TABLES } from '#market/tables/all.js';
import { news } from '#market/tables/news.js';
import { ipos, tickers } from '#market/tables/reference.js';
import { balanceSheets } from '#market/tables/statements.js';
import type { DatedWindows, TableType } from '#market/tables/table-type.js';

const TODAY = '2026-11-20';
const wish = (more: Partial<TableWish> = {}): TableWish => ({
  today: TODAY,
  force: false,
  full: false,
  groupSize: 50,
  ...more,
});

function known(
  more: {
    readonly lookedAt?: string;
    readonly windows?: readonly string[];
    readonly at?: string;
    readonly tickers?: readonly string[];
  } = {},
): KnownTable {
  const at = `${more.at ?? TODAY}T10:00:00.000Z`;
  return {
    lookedAt: more.lookedAt,
    windows: new Map(
      (more.windows ?? []).map((name) => [name, { rows: 1, sha256: null, loaded_at: at, done: true }]),
    ),
    tickers: new Map((more.tickers ?? []).map((name) => [name, { rows: 1, asked_at: at }])),
  };
}

const names = (type: TableType, have: KnownTable, wished: TableWish): readonly string[] =>
  planTable(type, have, wished).map(({ name }) => name);
const datedOf = ({ windows }: TableType): DatedWindows => {
  if (windows.kind !== 'dated') throw new Error('not dated');
  return windows;
};
const allSpans = spansOf(datedOf(dividends), TODAY).map(({ name }) => name);

describe('a dated table', () => {
  it('that is not there is every year, the newest first, and what is older in one', () => {
    const planned = planTable(dividends, known(), wish());
    expect(planned.map(({ name }) => name)).toEqual(allSpans.toReversed());
    expect(planned[0]).toMatchObject({
      name: '2026',
      query: { 'ex_dividend_date.gte': '2026-01-01' },
      records: 'whole',
    });
    expect(planned[0]?.query).not.toHaveProperty(['ex_dividend_date.lt']);
    expect(planned.at(-1)).toMatchObject({
      name: 'before 2003',
      query: { 'ex_dividend_date.lt': '2003-01-01' },
    });
  });

  it('that is there is asked from some days before the last look on, and marks nothing as gone', () => {
    const planned = planTable(dividends, known({ lookedAt: '2026-11-19', windows: allSpans }), wish());
    expect(planned).toHaveLength(1);
    expect(planned[0]).toMatchObject({
      name: 'newest',
      records: 'update',
      query: { 'ex_dividend_date.gte': '2026-10-20' },
    });
    expect(planned[0]?.holdsAll).toBeUndefined();
  });

  it('asks again for a year that failed, and for no other', () => {
    const windows = allSpans.filter((name) => name !== '2011');
    expect(names(dividends, known({ lookedAt: TODAY, windows }), wish())).toEqual(['newest', '2011']);
  });

  it('needs no load of a year that an update holds whole', () => {
    const have = known({ lookedAt: '2026-12-30', windows: allSpans });
    const [newest, ...others] = planTable(dividends, have, wish({ today: '2027-01-02' }));
    expect(others).toEqual([]);
    expect(newest).toMatchObject({
      name: 'newest',
      covers: ['2027'],
    });
  });

  it('is wholly loaded by force, and by a full comparison as far back as its type is compared', () => {
    const have = known({ lookedAt: TODAY, windows: [...allSpans, 'period_end'] });
    expect(names(dividends, have, wish({ full: true }))).toEqual(allSpans.toReversed());
    expect(names(dividends, have, wish({ force: true }))).toEqual(allSpans.toReversed());
    const statements = known({
      lookedAt: TODAY,
      windows: [...spansOf(datedOf(balanceSheets), TODAY).map(({ name }) => name), 'period_end'],
    });
    expect(names(balanceSheets, statements, wish({ full: true }))).toEqual(['2026', '2025', 'period_end']);
    expect(names(balanceSheets, statements, wish())).toEqual(['newest']);
  });

  it('within wished days is those days, which prove nothing of a whole year', () => {
    const planned = planTable(dividends, known(), wish({ start: '2024-11-05', end: '2025-02-03' }));
    expect(planned.map(({ query }) => query)).toEqual([
      { 'ex_dividend_date.gte': '2025-01-01', 'ex_dividend_date.lt': '2025-02-04' },
      { 'ex_dividend_date.gte': '2024-11-05', 'ex_dividend_date.lt': '2025-01-01' },
    ]);
    expect(planned.map(({ records }) => records)).toEqual(['part', 'part']);
    expect(names(news, known(), wish({ start: '2026-10-01' }))).toEqual(['2026-11', '2026-10']);
  });

  it('is asked for records without its date besides, once a week', () => {
    const windows = spansOf(datedOf(balanceSheets), TODAY).map(({ name }) => name);
    const have = (at: string): KnownTable =>
      known({ lookedAt: TODAY, windows: [...windows, 'period_end'], at });
    expect(names(balanceSheets, have('2026-11-14'), wish())).toEqual(['newest']);
    expect(names(balanceSheets, have('2026-11-13'), wish())).toEqual(['newest', 'period_end']);
    const [, list] = planTable(balanceSheets, have('2026-11-13'), wish());
    expect(list).toMatchObject({ query: { 'period_end.gte': '2025-10-16', sort: 'period_end.asc' } });
    expect(list?.holdsAll).toBeUndefined();
  });
});

describe('lists', () => {
  it('are asked for once they are old enough', () => {
    const lists = ['stocks', 'delisted', 'otc'];
    expect(names(tickers, known(), wish())).toEqual(lists);
    expect(names(tickers, known({ windows: lists }), wish())).toEqual([]);
    expect(names(tickers, known({ windows: lists, at: '2026-11-19' }), wish())).toEqual(['stocks']);
    expect(names(tickers, known({ windows: lists, at: '2026-11-13' }), wish())).toEqual(lists);
    expect(names(tickers, known({ windows: lists }), wish({ full: true }))).toEqual(lists);
  });

  it('prove what is gone only where they hold all of it', () => {
    const proofs = planTable(ipos, known(), wish()).map(({ name, holdsAll }) => [name, holdsAll]);
    expect(proofs).toEqual([
      ['all', 'true'],
      ['recent', undefined],
      ['open', undefined],
    ]);
  });
});

describe('named tickers', () => {
  it('go in groups, those that were asked for before only from their last look on', () => {
    const planned = planTable(
      dividends,
      known({ tickers: ['A', 'B'], at: '2026-11-01' }),
      wish({ tickers: ['C', 'A', 'B', 'D', 'E'], groupSize: 2 }),
    );
    expect(planned.map(({ query }) => query)).toEqual([
      { 'ticker.any_of': 'C,D' },
      { 'ticker.any_of': 'E' },
      { 'ticker.any_of': 'A,B', 'ex_dividend_date.gte': '2026-10-02' },
    ]);
    for (const { holdsAll } of planned) expect(holdsAll).toBeUndefined();
  });

  it('are asked for whole by refill and force', () => {
    const have = known({ tickers: ['A'] });
    for (const more of [{ refill: ['A'] }, { tickers: ['A'], force: true }])
      expect(planTable(dividends, have, wish(more))[0]?.query).toEqual({ 'ticker.any_of': 'A' });
  });
});

describe('laws', () => {
  const types = [...TABLES.values()].filter(({ windows }) => windows.kind === 'dated');
  const day = fc
    .date({ min: new Date('2003-01-02'), max: new Date('2032-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));

  it('every day, also before the first year and in the future, lies in exactly one span', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), day, day, (type, today, asked) => {
        const holding = spansOf(datedOf(type), today).filter(
          ({ from, before }) => asked >= (from ?? '') && asked < (before ?? '9'),
        );
        expect(holding).toHaveLength(today >= datedOf(type).first || asked < datedOf(type).first ? 1 : 0);
      }),
    );
  });

  it('after a load, whenever it is asked again, no day since the last look is left out', () => {
    fc.assert(
      fc.property(fc.constantFrom(...types), day, fc.nat(800), (type, looked, later) => {
        fc.pre(looked >= datedOf(type).first);
        const today = new Date(Date.parse(looked) + later * 86_400_000).toISOString().slice(0, 10);
        const windows = spansOf(datedOf(type), looked).map(({ name }) => name);
        const planned = planTable(type, known({ lookedAt: looked, windows, at: looked }), wish({ today }));
        const holds = (asked: string): boolean =>
          planned.some(
            ({ range }) =>
              range?.column === datedOf(type).column &&
              asked >= (range.from ?? '') &&
              asked < (range.before ?? '9'),
          );
        expect(holds(looked)).toBe(true);
        expect(holds(today)).toBe(true);
      }),
    );
  });
});
