/** Once a week what can be late, corrected or gone is compared; by night a few dozen requests are enough. */
import { expect, it } from 'vitest';
import { spansOf } from '#ingest/tables/spans.js';
import { TABLES, typesNamed } from '#market/tables/all.js';
import type { TableRecord } from '#store/tables/record.js';
import { planType, requestsOf } from '#tasks/fetch/plan-fetch.js';

const TODAY = '2026-11-20';
const NOW = new Date(`${TODAY}T18:00:00Z`);

/** Everything was loaded yesterday, the weekly lists two days ago. */
function loaded(name: string): TableRecord {
  const type = TABLES.get(name);
  const windows = type?.windows;
  const names =
    windows?.kind === 'dated'
      ? [...spansOf(windows, TODAY), ...(windows.beside ?? [])].map((one) => one.name)
      : windows?.kind === 'lists'
        ? windows.lists.map((one) => one.name)
        : [];
  return {
    source: 'x',
    since: '2026-01-01',
    lookedAt: '2026-11-19',
    olderLookedAt: undefined,
    lastMoment: undefined,
    denied: undefined,
    olderDenied: undefined,
    windows: new Map(
      names.map((one) => [one, { rows: 1, sha256: null, loaded_at: '2026-11-19T18:00:00.000Z', done: true }]),
    ),
    tickers: new Map(),
    failed: new Map(),
    files: new Map(),
  };
}

function plan(
  words: readonly string[],
  weekly: boolean,
): ReadonlyMap<string, { readonly windows: readonly string[]; readonly requests: number }> {
  const types = words.flatMap((word) => typesNamed(word, { short: false }) ?? []);
  const wish = { today: TODAY, force: false, full: false, groupSize: 50 };
  return new Map(
    types.map((type) => {
      const { windows, tickers } = planType(
        type,
        loaded(type.name),
        { wish, withoutSlow: true, weekly },
        ['A'],
        NOW,
      );
      expect(tickers).toEqual([]);
      return [
        type.name,
        {
          windows: windows.map(({ name }) => name),
          requests: windows.reduce((sum, window) => sum + requestsOf(type, window, TODAY), 0),
        },
      ];
    }),
  );
}

it('a night asks for about 35 requests at most, of everything that is had in bulk', () => {
  const all = plan(['fundamentals', 'actions', 'reference', 'news', 'short'], false);
  expect([...all.values()].reduce((sum, { requests }) => sum + requests, 0)).toBeLessThanOrEqual(35);
  expect(all.get('dividends')?.windows).toEqual(['newest']);
});

it('a week compares dividends and splits whole, and the last two filing years', () => {
  const all = plan(['fundamentals', 'actions', 'news'], true);
  expect(all.get('balance_sheets')?.windows).toEqual(['2026', '2025', 'period_end']);
  expect(all.get('dividends')?.windows).toHaveLength(25);
  expect(all.get('splits')?.windows).toContain('before 2018');
  expect(all.get('news')?.windows).toEqual(['newest']);
});
