import { describe, expect, it } from 'vitest';
import { ratios } from '#market/ratios/ratios.js';
import { fieldsOf } from '#market/ratios/statement-fields.js';
import { TABLES } from '#market/tables/all.js';
import { type Fields, type RatioRow, ratiosOf } from './ratio-run.js';
import { expected, type Row } from './reference.js';

/** Fiscal quarters that end on Saturdays, as many companies' do; the fourth is filed with the year. */
const ENDS = [
  '2021-12-25', '2022-03-26', '2022-06-25', '2022-09-24', '2022-12-31', '2023-04-01', '2023-07-01', '2023-09-30',
  '2023-12-30', '2024-03-30', '2024-06-29', '2024-09-28', '2024-12-28', '2025-03-29', '2025-06-28', '2025-09-27',
] as const; // biome-ignore format: days

const filedOn = (end: string): string =>
  new Date(Date.parse(end) + 34 * 86_400_000).toISOString().slice(0, 10);

const INCOME = fieldsOf('income');
const BALANCE = fieldsOf('balance');
const CASH = fieldsOf('cash');
const NEGATIVE = new Set([
  'purchase_of_property_plant_and_equipment',
  'dividends',
  'net_cash_from_financing_activities',
  'net_cash_from_investing_activities',
]);

/** A figure of a quarter that is nothing but its own: different for each field and quarter, and whole. */
function figure(field: string, i: number): number {
  const seed = [...field].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);
  const value = 1000 + (seed % 900) + ((i * (13 + (seed % 29))) % 400) + i * 20;
  if (field.includes('earnings_per_share')) return (100 + (seed % 50) + i * 3) / 100;
  if (field === 'revenue') return value * 40;
  if (field === 'income_before_income_taxes') return value * 4;
  if (field === 'total_assets') return value * 90;
  if (field.includes('equity')) return value * 30;
  if (field === 'net_cash_from_operating_activities') return value * 6;
  return NEGATIVE.has(field) ? -value : value;
}

const SHARES = new Set(['basic_shares_outstanding', 'diluted_shares_outstanding']);
const isPerShare = (field: string): boolean => field.includes('earnings_per_share');

function statement(
  fields: readonly string[],
  i: number,
  timeframe: string,
  value: (field: string) => number,
): Fields {
  const end = ENDS[i] as string;
  const figures = Object.fromEntries(fields.map((field) => [field, value(field)]));
  return {
    cik: '0000000042',
    tickers: ['ACME'],
    timeframe,
    period_end: end,
    filing_date: filedOn(end),
    ...figures,
  };
}

/** Of quarters that are the four up to `i`. */
const sumUpTo = (i: number) => (field: string) => {
  if (isPerShare(field)) return figure(field, i) * 4;
  const sum = [0, 1, 2, 3].reduce((total, back) => total + figure(field, i - back), 0);
  return SHARES.has(field) ? sum / 4 : sum;
};

const quarters = (fields: readonly string[]): Fields[] =>
  ENDS.map((_, i) => statement(fields, i, 'quarterly', (field) => figure(field, i)));
const years = (fields: readonly string[], of = sumUpTo): Fields[] =>
  [3, 7, 11, 15].map((i) => statement(fields, i, 'annual', of(i)));
const told = (fields: readonly string[]): Fields[] =>
  ENDS.flatMap((_, i) => (i < 3 ? [] : [statement(fields, i, 'trailing_twelve_months', sumUpTo(i))]));

const balanceOf = (i: number) => (field: string) => figure(field, i);
const ALL = {
  income: [...quarters(INCOME), ...years(INCOME), ...told(INCOME)],
  balance: [...quarters(BALANCE), ...years(BALANCE, balanceOf)],
  cash: [...quarters(CASH), ...years(CASH), ...told(CASH)],
};

/** The row of the reference that stands for quarter `i` on a basis. */
function rowOf(basis: 'quarterly' | 'annual' | 'ttm', i: number): Row | undefined {
  if (i < 0 || (basis !== 'quarterly' && i < 3)) return undefined;
  const flow = basis === 'quarterly' ? (field: string) => figure(field, i) : sumUpTo(i);
  const fields = new Map<string, number>([
    ...[...INCOME, ...CASH].map((field) => [field, flow(field)] as const),
    ...BALANCE.map((field) => [field, figure(field, i)] as const),
  ]);
  return { get: (field) => fields.get(field) ?? Number.NaN };
}

function compare(
  row: RatioRow | undefined,
  reference: Readonly<Record<string, number>>,
  ratiosSeen: Set<string>,
): void {
  expect(row).toBeDefined();
  for (const [name, value] of Object.entries(reference)) {
    const ours = row?.[name];
    if (Number.isNaN(value)) expect([name, ours]).toEqual([name, null]);
    else {
      expect([
        name,
        Math.abs(Number(ours) - value) <= Math.abs(value) * 1e-12 && ours !== null,
        ours,
        value,
      ]).toEqual([name, true, ours, value]);
      ratiosSeen.add(name);
    }
  }
}

const closes = `SELECT * FROM (VALUES ${ENDS.map((end, i) => `('ACME', DATE '${filedOn(end)}' - 1, ${50 + i}.25::DOUBLE)`).join(', ')}) v(ticker, date, close)`;
const dividends = `SELECT * FROM (VALUES ${ENDS.map((end, i) => `('ACME', DATE '${end}' - 20, 0.${10 + i}::DOUBLE, DATE '${end}' - 20)`).join(', ')}) v(ticker, day, cash, known_on)`;
const dividendOf = (i: number): number => Number(`0.${10 + i}`);

describe('ratios', () => {
  it('are 156, 134 of them without a price, each under a name of its own', () => {
    expect(ratios).toHaveLength(156);
    expect(new Set(ratios.map(({ name }) => name)).size).toBe(156);
    expect(ratios.filter(({ of }) => of === 'statements')).toHaveLength(134);
  });

  it("are made of fields that the vendor's statements have", () => {
    for (const [kind, name] of [
      ['income', 'income_statements'],
      ['balance', 'balance_sheets'],
      ['cash', 'cash_flow'],
    ] as const) {
      const known = TABLES.get(name)?.fields.map((field) => field.name);
      for (const field of fieldsOf(kind)) expect(known).toContain(field);
    }
  });

  it('are what their definitions say, on every basis, with price, dividends and past', async () => {
    const reach = { from: '2021-01-01', to: '2025-12-31' };
    const rows = await ratiosOf({ ...ALL, closes, sources: { dividends, dividendsReach: reach } });
    const seen = new Set<string>();
    for (const i of [2, 5, 8, 11, 14, 15]) {
      const end = ENDS[i] as string;
      for (const basis of ['quarterly', 'annual', 'ttm'] as const) {
        const now = rowOf(basis, i);
        if (now === undefined || (basis === 'annual' && i % 4 !== 3)) continue;
        const paid =
          basis === 'quarterly'
            ? dividendOf(i)
            : [0, 1, 2, 3].reduce((sum, back) => sum + dividendOf(i - back), 0);
        const given = { basis, dps: paid, shareChange: 1, price: 50 + i + 0.25 };
        const past = {
          start: rowOf(basis, basis === 'quarterly' ? i - 1 : i - 4),
          year: rowOf(basis, i - 4),
          three: rowOf(basis, i - 12),
          yearsStart: rowOf(basis, basis === 'quarterly' ? i - 5 : i - 8),
        };
        const ttm = rowOf('ttm', i);
        const ttmDps = [0, 1, 2, 3].reduce(
          (sum, back) => sum + (i < back ? Number.NaN : dividendOf(i - back)),
          0,
        );
        const valued =
          basis === 'quarterly'
            ? {
                row: ttm ?? { get: () => Number.NaN },
                year: rowOf('ttm', i - 4),
                given: { ...given, dps: ttm === undefined ? Number.NaN : ttmDps },
              }
            : undefined;
        const reference = expected(now, past, given, valued);
        expect(Object.keys(reference).sort()).toEqual(ratios.map(({ name }) => name).sort());
        compare(rows.get(`ACME ${basis} ${end} ${filedOn(end)}`), reference, seen);
      }
    }
    // Each of them had a value at least once: a formula that is always null would agree with nothing.
    expect(ratios.map(({ name }) => name).filter((name) => !seen.has(name))).toEqual([]);
  });

  it('come out the same where the vendor has no twelve months and no fourth quarters', async () => {
    const isLacking = ({ timeframe, period_end }: Fields): boolean =>
      timeframe === 'trailing_twelve_months' ||
      (timeframe === 'quarterly' && [3, 7, 11, 15].some((i) => ENDS[i] === period_end));
    const all = await ratiosOf(ALL);
    const made = await ratiosOf({
      income: ALL.income.filter((row) => !isLacking(row)),
      balance: ALL.balance.filter((row) => !isLacking(row)),
      cash: ALL.cash.filter((row) => !isLacking(row)),
    });
    expect([...made.keys()].sort()).toEqual([...all.keys()].sort());
    const perShare = new Set(ratios.filter(({ unit }) => unit === 's').map(({ name }) => name));
    // Earnings a share are not made by subtraction, nor shares: what rests on them is near, and not the same.
    const rests = (name: string): boolean =>
      perShare.has(name) ||
      name === 'diluted_shares_growth_yoy' ||
      name === 'earnings_per_share_growth_yoy' ||
      name === 'piotroski_f_score';
    for (const [key, row] of all)
      for (const [name, value] of Object.entries(row))
        if (!rests(name)) {
          if (typeof value === 'number') expect(Number(made.get(key)?.[name])).toBeCloseTo(value, 9);
          else expect([key, name, made.get(key)?.[name]]).toEqual([key, name, value]);
        }
  });
});

const EMPTY = { income: [], balance: [], cash: [] };

describe('what is known when', () => {
  const head = { cik: '0000000007', tickers: ['X'], timeframe: 'annual', period_end: '2023-12-31' };

  it('a row is of the day of the last of its three statements, and what came before has a row of its own', async () => {
    const rows = await ratiosOf({
      income: [
        {
          ...head,
          filing_date: '2024-02-01',
          revenue: 100,
          net_income_loss_attributable_common_shareholders: 10,
        },
      ],
      balance: [
        {
          ...head,
          filing_date: '2024-02-20',
          total_assets: 200,
          total_current_assets: 80,
          total_current_liabilities: 40,
        },
      ],
      cash: [],
    });
    expect([...rows.keys()]).toEqual(['X annual 2023-12-31 2024-02-01', 'X annual 2023-12-31 2024-02-20']);
    const [first, second] = [...rows.values()];
    expect(first).toMatchObject({ filing_date: '2024-02-01', net_margin: 0.1, current_ratio: null });
    expect(second).toMatchObject({
      filing_date: '2024-02-20',
      net_margin: 0.1,
      current_ratio: 2,
      free_cash_flow: null,
    });
  });

  it('an amendment counts from its day on, and the first filing stays as it was', async () => {
    const income = { ...head, revenue: 100, cost_of_revenue: 60 };
    const rows = await ratiosOf({
      ...EMPTY,
      income: [
        { ...income, filing_date: '2024-02-01' },
        { ...income, filing_date: '2024-05-01', cost_of_revenue: 70 },
      ],
    });
    expect(rows.get('X annual 2023-12-31 2024-02-01')).toMatchObject({
      gross_margin: 0.4,
      filing_date: '2024-02-01',
    });
    expect(rows.get('X annual 2023-12-31 2024-05-01')).toMatchObject({
      gross_margin: 0.3,
      filing_date: '2024-05-01',
    });
  });

  it('what the vendor corrects later is known later, and does not undo an amendment', async () => {
    const income = { ...head, revenue: 100 };
    const rows = await ratiosOf({
      ...EMPTY,
      income: [
        { ...income, filing_date: '2024-02-01', cost_of_revenue: 60 },
        { ...income, filing_date: '2024-05-01', cost_of_revenue: 70 },
        { ...income, filing_date: '2024-02-01', known_on: '2026-01-05', cost_of_revenue: 65 },
        { ...income, filing_date: '2024-05-01', known_on: '2026-03-02', cost_of_revenue: 75 },
      ],
    });
    expect([...rows].map(([key, row]) => [key.slice(-10), row['gross_margin'], row['filing_date']])).toEqual([
      ['2024-02-01', 0.4, '2024-02-01'],
      ['2024-05-01', 0.3, '2024-05-01'],
      ['2026-03-02', 0.25, '2024-05-01'],
    ]);
  });

  it('a mean takes the earlier balance as it was known on the day, not as it was restated since', async () => {
    const before = { ...head, period_end: '2022-12-31' };
    const rows = await ratiosOf({
      income: [{ ...head, filing_date: '2024-02-01', consolidated_net_income_loss: 30 }],
      balance: [
        { ...before, filing_date: '2023-02-01', total_assets: 100 },
        { ...before, filing_date: '2024-06-01', total_assets: 900 },
        { ...head, filing_date: '2024-02-01', total_assets: 200 },
      ],
      cash: [],
    });
    expect(rows.get('X annual 2023-12-31 2024-02-01')).toMatchObject({ return_on_assets: 30 / 150 });
  });

  it('without the earlier row a mean is null, and so is a growth', async () => {
    const rows = await ratiosOf({
      income: [{ ...head, filing_date: '2024-02-01', revenue: 5, consolidated_net_income_loss: 30 }],
      balance: [{ ...head, filing_date: '2024-02-01', total_assets: 200 }],
      cash: [],
    });
    const row = rows.get('X annual 2023-12-31 2024-02-01');
    expect(row).toMatchObject({ return_on_assets: null, asset_turnover: null, revenue_growth_yoy: null });
  });

  it('a record without a filing date counts from the day it was seen', async () => {
    const rows = await ratiosOf({
      ...EMPTY,
      income: [{ ...head, filing_date: null, known_on: '2026-07-01', revenue: 10, cost_of_revenue: 5 }],
    });
    expect([...rows]).toMatchObject([
      ['X annual 2023-12-31 2026-07-01', { filing_date: null, gross_margin: 0.5 }],
    ]);
  });
});

describe('what is null', () => {
  const head = {
    cik: '0000000008',
    tickers: ['BANK'],
    timeframe: 'annual',
    period_end: '2023-12-31',
    filing_date: '2024-02-01',
  };
  const before = { ...head, period_end: '2022-12-31', filing_date: '2023-02-01' };
  const KEY = 'BANK annual 2023-12-31 2024-02-01';

  it('a financial company has no inventories, no current assets: nulls, not zeros', async () => {
    const rows = await ratiosOf({
      income: [{ ...head, revenue: 100, consolidated_net_income_loss: 20 }],
      balance: [before, head].map((row) => ({
        ...row,
        total_assets: 1000,
        total_equity: 100,
        total_equity_attributable_to_parent: 100,
      })),
      cash: [],
    });
    expect(rows.get(KEY)).toMatchObject({
      return_on_assets: 0.02,
      return_on_equity: 0.2,
      current_ratio: null,
      inventory_turnover: null,
      days_inventory: null,
      gross_margin: null,
      total_debt: null,
      cash_to_debt: null,
    });
  });

  it('negative equity makes no return on it, a loss no payout, a base below zero no growth', async () => {
    const rows = await ratiosOf({
      income: [before, head].map((row, i) => ({
        ...row,
        revenue: 100,
        net_income_loss_attributable_common_shareholders: i === 0 ? -50 : -20,
      })),
      balance: [before, head].map((row) => ({
        ...row,
        total_assets: 10,
        total_equity: -5,
        total_equity_attributable_to_parent: -5,
      })),
      cash: [{ ...head, dividends: -3 }],
    });
    expect(rows.get(KEY)).toMatchObject({
      return_on_equity: null,
      debt_to_equity: null,
      dividend_payout_ratio: null,
      net_income_growth_yoy: null,
      net_margin: -0.2,
    });
  });

  it('never an infinity, and no number out of nothing', async () => {
    const zero = Object.fromEntries([...INCOME, ...BALANCE, ...CASH].map((field) => [field, 0]));
    const own = (fields: readonly string[]) =>
      Object.fromEntries(fields.map((field) => [field, zero[field] ?? 0]));
    const rows = await ratiosOf({
      income: [before, head].map((row) => ({ ...row, ...own(INCOME) })),
      balance: [before, head].map((row) => ({ ...row, ...own(BALANCE) })),
      cash: [before, head].map((row) => ({ ...row, ...own(CASH) })),
      closes: "SELECT 'BANK' AS ticker, DATE '2023-01-03' AS date, 10::DOUBLE AS close",
    });
    for (const [name, value] of Object.entries(rows.get(KEY) ?? {}))
      if (typeof value === 'number')
        expect([name, value === 0 || name === 'earnings_yield']).toEqual([name, true]);
  });

  it('debt that is half there is what is there; debt that is not there is null', async () => {
    const rows = await ratiosOf({
      ...EMPTY,
      balance: [{ ...head, debt_current: 5 }],
      income: [{ ...head, revenue: 1 }],
    });
    expect(rows.get(KEY)).toMatchObject({ total_debt: 5 });
  });
});

describe('by ticker', () => {
  const head = {
    cik: '0000000009',
    tickers: ['GOOG', 'GOOGL'],
    timeframe: 'annual',
    period_end: '2023-12-31',
    filing_date: '2024-02-01',
  };
  const shares = {
    basic_shares_outstanding: 10,
    diluted_shares_outstanding: 10,
    net_income_loss_attributable_common_shareholders: 20,
  };

  it('a company with two classes has a row for each, at its own price; one without a ticker has one', async () => {
    const rows = await ratiosOf({
      ...EMPTY,
      income: [
        { ...head, ...shares, revenue: 100 },
        { ...head, cik: '0000000010', tickers: [], revenue: 7 },
      ],
      closes:
        "SELECT * FROM (VALUES ('GOOG', DATE '2024-02-01', 5::DOUBLE), ('GOOGL', DATE '2024-01-31', 6), ('GOOGL', DATE '2024-02-02', 99)) v(ticker, date, close)",
    });
    expect([...rows.keys()].sort()).toEqual([
      'GOOG annual 2023-12-31 2024-02-01',
      'GOOGL annual 2023-12-31 2024-02-01',
      'null annual 2023-12-31 2024-02-01',
    ]);
    expect(rows.get('GOOG annual 2023-12-31 2024-02-01')?.['market_cap']).toBe(50);
    expect(rows.get('GOOGL annual 2023-12-31 2024-02-01')?.['market_cap']).toBe(60);
    expect(rows.get('null annual 2023-12-31 2024-02-01')?.['market_cap']).toBeNull();
  });

  it('growth a share and of shares is on one share basis, over a split between two filings', async () => {
    const before = { ...head, period_end: '2022-12-31', filing_date: '2023-02-01' };
    const rows = await ratiosOf({
      ...EMPTY,
      income: [
        { ...before, diluted_shares_outstanding: 10, diluted_earnings_per_share: 8 },
        { ...head, diluted_shares_outstanding: 42, diluted_earnings_per_share: 3 },
      ],
      sources: {
        splits:
          "SELECT * FROM (VALUES ('GOOG', DATE '2023-07-03', 2::DOUBLE), ('GOOG', DATE '2023-08-03', 2), ('GOOG', DATE '2022-07-03', 20), ('GOOG', DATE '2024-07-03', 5), ('GOOGL', DATE '2023-08-03', 4)) v(ticker, day, ratio)",
      },
    });
    for (const ticker of ['GOOG', 'GOOGL']) {
      const row = rows.get(`${ticker} annual 2023-12-31 2024-02-01`);
      expect(Number(row?.['earnings_per_share_growth_yoy'])).toBeCloseTo(0.5, 12);
      expect(Number(row?.['diluted_shares_growth_yoy'])).toBeCloseTo(0.05, 12);
    }
  });

  it('dividends of the period are on the share basis of the filing, and 0 only where the list reaches', async () => {
    const paid =
      "SELECT * FROM (VALUES ('GOOG', DATE '2023-03-01', 4::DOUBLE, DATE '2023-03-01'), ('GOOG', DATE '2023-09-01', 1, DATE '2023-09-01'), ('GOOG', DATE '2022-09-01', 9, DATE '2022-09-01')) v(ticker, day, cash, known_on)";
    const splits = "SELECT 'GOOG' AS ticker, DATE '2023-06-01' AS day, 4::DOUBLE AS ratio";
    const of = async (from: string) => {
      const rows = await ratiosOf({
        ...EMPTY,
        income: [{ ...head, ...shares }],
        sources: { dividends: paid, splits, dividendsReach: { from, to: '2026-01-01' } },
      });
      return ['GOOG', 'GOOGL'].map(
        (ticker) => rows.get(`${ticker} annual 2023-12-31 2024-02-01`)?.['dividends_per_share'],
      );
    };
    expect(await of('2004-01-01')).toEqual([2, 0]);
    expect(await of('2023-02-01')).toEqual([null, null]);
  });
});
