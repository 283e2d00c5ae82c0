import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Actions, Dividend, Split } from '#market/adjust/actions.js';
import { adjustedBar, barFactors, barWithAdjClose } from '#market/adjust/adjusted-bar.js';
import { type Close, type FactorFacts, factorsOf, stepOn } from '#market/adjust/factors.js';
import { approximate, dividedBy, fractionOf, times } from '#market/adjust/fraction.js';
import { scaledExactly } from '#market/adjust/scaled-text.js';
import { vendorDifferences } from '#market/adjust/vendor-check.js';
import { addDays, type IsoDay } from '#market/calendar/iso-day.js';
import { nyse } from '#market/calendar/nyse.js';

const sessionsBetween = (after: IsoDay, before: IsoDay): number =>
  nyse.sessions(addDays(after, 1), addDays(before, -1)).length;

const split = (day: IsoDay, from: string, to: string, vendorFactor?: string): Split => ({
  day,
  from,
  to,
  vendorFactor,
});

const dividend = (day: IsoDay, cash: string, more: Partial<Dividend> = {}): Dividend => ({
  day,
  cash,
  currency: 'USD',
  ...more,
});

const END = '9999-12-31';
const COMPARED = { first: '2000-01-03', asOf: END };

function factors(closes: readonly Close[], actions: Partial<Actions>, more: Partial<FactorFacts> = {}) {
  return factorsOf({
    closes,
    actions: { splits: [], dividends: [], ...actions },
    asOf: END,
    sessionsBetween,
    ...more,
  });
}

/** The worked example of a split and two dividends (2024: all five days are sessions). */
const CLOSES: readonly Close[] = [
  { day: '2024-06-03', close: '100' },
  { day: '2024-06-04', close: '101' },
  { day: '2024-06-05', close: '102' },
  { day: '2024-06-06', close: '51.5' },
  { day: '2024-06-07', close: '52' },
];
const ACTIONS: Actions = {
  splits: [split('2024-06-06', '1', '2', '0.5')],
  dividends: [
    dividend('2024-06-04', '0.50', { splitAdjustedCash: '0.25', vendorFactor: '0.990170' }),
    dividend('2024-06-07', '0.25', { splitAdjustedCash: '0.25', vendorFactor: '0.995146' }),
  ],
};

describe('factors of splits and dividends', () => {
  it('the worked example, to its last digit', () => {
    const { steps, notes } = factors(CLOSES, ACTIONS);
    expect(notes).toEqual([]);
    const rows = CLOSES.map(({ day, close }) => {
      const step = stepOn(steps, day);
      return barWithAdjClose(`${close},${close},${close},${close},100`, barFactors(step));
    });
    expect(rows).toEqual([
      '50,50,50,50,49.508495,200',
      '50.5,50.5,50.5,50.5,50.254854,200',
      '51,51,51,51,50.752427,200',
      '51.5,51.5,51.5,51.5,51.25,100',
      '52,52,52,52,52,100',
    ]);
    expect(approximate(stepOn(steps, '2024-06-03').dividends)).toBe(0.995 * 0.9951456310679612);
    expect(vendorDifferences(ACTIONS, steps, COMPARED)).toEqual([]);
  });

  it('the worked example as of the day before the split', () => {
    const { steps } = factors(CLOSES, ACTIONS, { asOf: '2024-06-05' });
    const adjusted = CLOSES.slice(0, 3).map(({ day, close }) =>
      adjustedBar(`${close},${close},${close},${close},7`, barFactors(stepOn(steps, day)), 'all'),
    );
    expect(adjusted).toEqual(['99.5,99.5,99.5,99.5,7', '101,101,101,101,7', '102,102,102,102,7']);
  });

  it("a reverse split of 1 for 3, the vendor's own example", () => {
    const { steps } = factors([{ day: '2024-06-03', close: '20.34' }], {
      splits: [split('2024-06-04', '3', '1')],
    });
    const bar = adjustedBar(
      '20.34,20.34,20.34,20.34,45879',
      barFactors(stepOn(steps, '2024-06-03')),
      'splits',
    );
    expect(bar).toBe('61.02,61.02,61.02,61.02,15293');
  });

  it("Apple's splits of 2005 to 2020 are 1/56, and its dividends of 2025 the vendor's factor", () => {
    const splits = [
      split('2005-02-28', '1', '2'),
      split('2014-06-09', '1', '7'),
      split('2020-08-31', '1', '4'),
    ];
    expect(stepOn(factors([], { splits }).steps, '2005-02-25').splits).toEqual({ num: 1n, den: 56n });
    const closes = [
      { day: '2025-08-08', close: '229.35' },
      { day: '2025-11-07', close: '268.47' },
    ];
    const dividends = [
      dividend('2025-08-11', '0.26', { vendorFactor: '0.997899' }),
      dividend('2025-11-10', '0.26'),
    ];
    const { steps } = factors(closes, { dividends });
    expect(scaledExactly('1', stepOn(steps, '2025-08-08').dividends)).toBe('0.997899');
    expect(vendorDifferences({ splits: [], dividends }, steps, COMPARED)).toEqual([]);
  });

  it('a split and a dividend on one day: cash is of a new share, unless the vendor says of an old one', () => {
    const closes = [{ day: '2024-06-05', close: '102.00' }];
    const splits = [split('2024-06-06', '1', '2')];
    const factor = (more: Partial<Dividend>) =>
      scaledExactly(
        '1',
        stepOn(
          factors(closes, { splits, dividends: [dividend('2024-06-06', '0.25', more)] }).steps,
          '2024-06-05',
        ).dividends,
      );
    expect(factor({})).toBe('0.995098');
    expect(factor({ splitAdjustedCash: '0.25' })).toBe('0.995098');
    expect(factor({ splitAdjustedCash: '0.125' })).toBe('0.997549');
  });

  it('a later split moves what the vendor calls adjusted, and not whose shares the cash is of', () => {
    const closes = [{ day: '2024-06-05', close: '102.00' }];
    const splits = [split('2024-06-06', '1', '2'), split('2024-09-03', '1', '10')];
    const { steps } = factors(closes, {
      splits,
      dividends: [dividend('2024-06-06', '0.25', { splitAdjustedCash: '0.025' })],
    });
    expect(scaledExactly('1', stepOn(steps, '2024-06-05').dividends)).toBe('0.995098');
  });

  it('dividends of one ex-date are added first, special ones too', () => {
    const closes = [{ day: '2024-06-03', close: '100' }];
    const dividends = [dividend('2024-06-04', '0.50'), dividend('2024-06-04', '10')];
    expect(stepOn(factors(closes, { dividends }).steps, '2024-06-03').dividends).toEqual({
      num: 179n,
      den: 200n,
    });
  });

  it('cash of a day in a hole is on the basis of the ex-date: splits in the hole count', () => {
    const closes = [{ day: '2024-06-03', close: '100' }];
    const { steps } = factors(closes, {
      splits: [split('2024-06-04', '1', '2')],
      dividends: [dividend('2024-06-05', '0.50')],
    });
    // 0.50 of 50.00.
    expect(stepOn(steps, '2024-06-03').dividends).toEqual({ num: 99n, den: 100n });
  });

  it.each<[string, Partial<Actions>, readonly string[]]>([
    ['no amount', { dividends: [dividend('2024-06-04', 'n/a')] }, ['dividend ignored: no amount']],
    ['an amount of zero', { dividends: [dividend('2024-06-04', '0')] }, []],
    ['a negative amount', { dividends: [dividend('2024-06-04', '-1')] }, []],
    [
      'as much as the price',
      { dividends: [dividend('2024-06-04', '100')] },
      ['dividend ignored: not below the price'],
    ],
    [
      'together as much as the price',
      { dividends: [dividend('2024-06-04', '60'), dividend('2024-06-04', '40')] },
      ['dividend ignored: not below the price'],
    ],
    [
      'other currency',
      { dividends: [dividend('2024-06-04', '1', { currency: 'CAD' })] },
      ['dividend ignored: other currency'],
    ],
    ['no close before', { dividends: [dividend('2024-06-03', '1')] }, ['dividend ignored: no close before']],
    ['from nothing', { splits: [split('2024-06-04', '0', '2')] }, ['split ignored: no ratio']],
    ['no ratio', { splits: [split('2024-06-04', '', '2')] }, ['split ignored: no ratio']],
    ['a negative ratio', { splits: [split('2024-06-04', '1', '-2')] }, ['split ignored: no ratio']],
  ])('%s changes nothing, and what should have is told', (_, actions, told) => {
    const { steps, notes } = factors([CLOSES[0] as Close], actions);
    expect(notes.map(({ kind }) => kind)).toEqual(told);
    const step = stepOn(steps, '2024-06-03');
    expect(barFactors(step).isNone).toBe(true);
  });

  it('factors of before the first close are compared with nothing', () => {
    const early = [dividend('2023-06-05', '1', { vendorFactor: '0.5' })];
    const { steps } = factors(CLOSES, { dividends: early });
    expect(
      vendorDifferences({ splits: [], dividends: early }, steps, { first: '2024-06-03', asOf: END }),
    ).toEqual([]);
  });

  it('no currency is the one of the prices', () => {
    const { steps } = factors(CLOSES, { dividends: [dividend('2024-06-04', '1', { currency: undefined })] });
    expect(stepOn(steps, '2024-06-03').dividends).toEqual({ num: 99n, den: 100n });
  });

  it('a close of more than five sessions before is taken, and told', () => {
    const closes = [{ day: '2024-06-03', close: '100' }];
    const told = (day: IsoDay) => factors(closes, { dividends: [dividend(day, '1')] }).notes;
    expect(told('2024-06-11')).toEqual([]);
    expect(told('2024-06-12')).toEqual([
      { kind: 'close long before the ex-date', day: '2024-06-12', close: '2024-06-03', sessions: 6 },
    ]);
  });

  it('events behind the day are not known: declared dividends and announced splits do nothing', () => {
    const future: Actions = {
      splits: [split('2024-06-10', '1', '3')],
      dividends: [dividend('2024-06-10', '5')],
    };
    expect(factors(CLOSES, future, { asOf: '2024-06-07' }).steps).toHaveLength(1);
  });

  it("a former owner's dividends and splits do not touch the new owner's prices, nor the other way round", () => {
    const closes = [
      { day: '2021-01-04', close: '10' },
      { day: '2024-06-03', close: '100' },
    ];
    const spans = [
      { start: '2019-01-01', end: '2022-01-28' },
      { start: '2022-06-09', end: END },
    ];
    const actions: Actions = {
      splits: [split('2024-06-04', '1', '2')],
      dividends: [dividend('2021-06-01', '1'), dividend('2022-06-09', '1')],
    };
    const { steps, notes } = factors(closes, actions, { spans });
    expect(stepOn(steps, '2021-01-04')).toMatchObject({
      splits: { num: 1n, den: 1n },
      dividends: { num: 9n, den: 10n },
    });
    expect(stepOn(steps, '2024-06-03')).toMatchObject({
      splits: { num: 1n, den: 2n },
      dividends: { num: 1n, den: 1n },
    });
    // 101 sessions lie between 2021-01-04 and 2021-06-01; on the new owner's first day there is no close before.
    expect(notes.map(({ kind }) => kind).sort()).toEqual([
      'close long before the ex-date',
      'dividend ignored: no close before',
    ]);
  });

  it('what the vendor says otherwise is told, and not followed', () => {
    const actions: Actions = { ...ACTIONS, splits: [split('2024-06-06', '1', '2', '0.25')] };
    const { steps } = factors(CLOSES, actions);
    expect(vendorDifferences(actions, steps, COMPARED)).toEqual([
      { kind: 'factor differs from the vendor', day: '2024-06-06', of: 'split', ours: 0.5, vendors: 0.25 },
    ]);
  });
});

const DAYS = nyse.sessions('2024-01-02', '2024-03-28');
const history = fc.record({
  closes: fc
    .array(fc.integer({ min: 500, max: 5_000_000 }), { minLength: DAYS.length, maxLength: DAYS.length })
    .map((cents) => DAYS.map((day, i) => ({ day, close: ((cents[i] as number) / 100).toFixed(2) }))),
  splits: fc.array(
    fc.record({
      day: fc.constantFrom(...DAYS.slice(1)),
      from: fc.constantFrom('1', '2', '3', '10', '1000', '1.5'),
      to: fc.constantFrom('1', '2', '3', '7', '1.05'),
    }),
    { maxLength: 4 },
  ),
  dividends: fc.array(
    fc.record({
      day: fc.constantFrom(...DAYS.slice(1)),
      cash: fc.integer({ min: 1, max: 100 }).map((cents) => (cents / 1000).toFixed(3)),
      currency: fc.constant(undefined),
    }),
    { maxLength: 12 },
  ),
});

describe('laws of factors', () => {
  it('the order in which events come changes nothing', () => {
    fc.assert(
      fc.property(history, ({ closes, splits, dividends }) => {
        const steps = factors(closes, { splits, dividends }).steps;
        const turned = factors(closes, {
          splits: splits.toReversed(),
          dividends: dividends.toReversed(),
        }).steps;
        expect(turned).toEqual(steps);
      }),
      { numRuns: 60 },
    );
  });

  it('as of a past day is as of now, divided by the factors that the past day has now', () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...DAYS), ({ closes, splits, dividends }, past) => {
        const now = factors(closes, { splits, dividends }).steps;
        const then = factors(closes, { splits, dividends }, { asOf: past }).steps;
        const { splits: s, dividends: d } = stepOn(now, past);
        for (const { day, close } of closes.filter((one) => one.day <= past)) {
          const [a, b] = [stepOn(then, day), stepOn(now, day)];
          const price = fractionOf(close) as { num: bigint; den: bigint };
          const adjusted = times(price, times(b.splits, b.dividends));
          expect(times(price, times(a.splits, a.dividends))).toEqual(dividedBy(adjusted, times(s, d)));
        }
      }),
      { numRuns: 60 },
    );
  });
});
