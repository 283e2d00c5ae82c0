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

it("a factor that differs from the vendor's is told once a ticker: the newest, which all before contain", () => {
  const differs = (day: string, ours: number) => ({
    ticker: 'AAPL',
    note: { kind: 'factor differs from the vendor', day, of: 'dividend', ours, vendors: 0.5 } as const,
  });
  expect(
    adjustNotes([differs('2024-03-01', 0.9), differs('2024-06-03', 0.95), differs('2023-03-01', 0.8)]),
  ).toBe(
    "AAPL 2024-06-03: the factor of the dividend is 0.950000, the vendor's 0.500000. It differs for 2 more before, which contain it.\n",
  );
});
