/** Notes on adjustments, few enough to be read. */
import { expect, it } from 'vitest';
import { adjustNotes } from '#cli/output/adjust-text.js';

it('dividends of before the first close are one line a ticker, behind what matters', () => {
  const early = ['2024-03-01', '2023-03-01', '2022-03-01'].map((day) => ({
    ticker: 'AAPL',
    note: { kind: 'dividend ignored: no close before', day } as const,
  }));
  const other = {
    ticker: 'KO',
    note: { kind: 'dividend ignored: other currency', day: '2025-01-02', currency: 'CAD' } as const,
  };
  expect(adjustNotes([...early, other]).split('\n')).toEqual([
    'KO 2025-01-02: the dividend is in CAD; ignored, for there is no rate.',
    'AAPL: 3 dividends of 2022-03-01 to 2024-03-01 have no close here before the ex-date; ignored.',
    '',
  ]);
});
