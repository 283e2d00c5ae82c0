/** Statements add up, within and between themselves, and are restated and read again as the vendor's are. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import { REST_PATHS } from '#sandbox/rest/rest-types.js';
import { startSandbox } from '#sandbox/start.js';
import { ask, type Fields, NOW, rowsOf, running } from './rest-client.js';

const DAY_MS = 86_400_000;
let balances: readonly Fields[];
let incomes: readonly Fields[];
let cashFlows: readonly Fields[];
let texts: readonly string[];

beforeAll(async () => {
  const sandbox: RunningSandbox = await startSandbox({ now: NOW, tickers: 250 });
  const query = 'period_end.gte=2019-06-01&limit=50000';
  balances = await rowsOf(sandbox, `${REST_PATHS.balance_sheets}?${query}`);
  incomes = await rowsOf(sandbox, `${REST_PATHS.income_statements}?${query}`);
  cashFlows = await rowsOf(sandbox, `${REST_PATHS.cash_flow}?${query}`);
  texts = [(await ask(sandbox, `${REST_PATHS.balance_sheets}?${query}`)).text];
  await sandbox.close();
});

function amount(row: Fields | undefined, name: string): number {
  return Number(row?.[name] ?? 0);
}

function keyOf(row: Fields): string {
  return ['cik', 'timeframe', 'period_end', 'fiscal_year', 'fiscal_quarter', 'filing_date']
    .map((name) => row[name])
    .join(' ');
}

/** By company and period end, of one timeframe, without amendments. */
function byPeriod(rows: readonly Fields[], timeframe: string): ReadonlyMap<string, Fields> {
  const found = new Map<string, Fields>();
  for (const row of rows) {
    const name = `${row['cik']} ${row['period_end']}`;
    if (row['timeframe'] === timeframe && !found.has(name)) found.set(name, row);
  }
  return found;
}

test('balance sheets balance', () => {
  expect(balances.length).toBeGreaterThan(2000);
  for (const row of balances) {
    const equity = amount(row, 'total_equity');
    expect(amount(row, 'total_assets')).toBe(amount(row, 'total_liabilities') + equity);
    expect(amount(row, 'total_liabilities_and_equity')).toBe(amount(row, 'total_assets'));
    expect(amount(row, 'total_equity_attributable_to_parent') + amount(row, 'noncontrolling_interest')).toBe(
      equity,
    );
    if (row['total_current_assets'] !== undefined) {
      const parts = [
        'cash_and_equivalents',
        'short_term_investments',
        'receivables',
        'inventories',
        'other_current_assets',
      ];
      expect(amount(row, 'total_current_assets')).toBe(
        parts.reduce((sum, name) => sum + amount(row, name), 0),
      );
    }
  }
  expect(balances.some((row) => row['total_current_assets'] === undefined)).toBe(true);
});

test('income statements and cash flows add up; operating expenses are without the cost of revenue', () => {
  for (const row of incomes) {
    const gross = row['gross_profit'] === undefined ? amount(row, 'revenue') : amount(row, 'gross_profit');
    expect(gross - amount(row, 'total_operating_expenses')).toBe(amount(row, 'operating_income'));
    expect(amount(row, 'income_before_income_taxes') - amount(row, 'income_taxes')).toBe(
      amount(row, 'consolidated_net_income_loss'),
    );
  }
  for (const row of cashFlows) {
    const activities = ['operating', 'investing', 'financing'].map((name) =>
      amount(row, `net_cash_from_${name}_activities`),
    );
    const change =
      activities.reduce((sum, part) => sum + part, 0) + amount(row, 'effect_of_currency_exchange_rate');
    expect(amount(row, 'change_in_cash_and_equivalents')).toBe(change);
    expect(amount(row, 'purchase_of_property_plant_and_equipment')).toBeLessThanOrEqual(0);
    expect(amount(row, 'dividends')).toBeLessThanOrEqual(0);
  }
});

test('a year is its four quarters, and cash goes on from one balance sheet to the next', () => {
  const quarters = byPeriod(
    incomes.filter((row) => row['filing_date'] !== undefined),
    'quarterly',
  );
  const years = byPeriod(incomes, 'trailing_twelve_months');
  const ends = [...new Set([...quarters.keys()].map((name) => name.split(' ')[0]))].slice(0, 40);
  let checked = 0;
  for (const cik of ends) {
    const own = [...quarters.values()].filter((row) => row['cik'] === cik);
    own.sort((a, b) => (String(a['period_end']) < String(b['period_end']) ? -1 : 1));
    for (let at = 3; at < own.length; at++) {
      const four = own.slice(at - 3, at + 1);
      const span = Date.parse(String(four[3]?.['period_end'])) - Date.parse(String(four[0]?.['period_end']));
      const year = years.get(`${cik} ${four[3]?.['period_end']}`);
      if (year === undefined || span > 290 * DAY_MS) continue;
      expect(amount(year, 'revenue')).toBe(four.reduce((sum, row) => sum + amount(row, 'revenue'), 0));
      const shares = four.reduce((sum, row) => sum + amount(row, 'diluted_shares_outstanding'), 0) / 4;
      expect(amount(year, 'diluted_shares_outstanding') / shares).toBeGreaterThan(0.05);
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(200);
  const sheets = byPeriod(balances, 'quarterly');
  const flows = byPeriod(cashFlows, 'quarterly');
  const apple = [...sheets.values()].filter((row) => String(row['tickers']) === 'AAPL');
  expect(apple.length).toBeGreaterThan(25);
  for (let at = 1; at < apple.length; at++) {
    const change = amount(apple[at], 'cash_and_equivalents') - amount(apple[at - 1], 'cash_and_equivalents');
    expect(
      amount(
        flows.get(`${apple[at]?.['cik']} ${apple[at]?.['period_end']}`),
        'change_in_cash_and_equivalents',
      ),
    ).toBe(change);
  }
});

test('heads: CIKs of ten digits, several tickers of one company, none, and rows without a filing date', () => {
  expect(balances.every((row) => /^\d{10}$/.test(String(row['cik'])))).toBe(true);
  expect(balances.some((row) => JSON.stringify(row['tickers']) === '["GOOG","GOOGL"]')).toBe(true);
  expect(balances.some((row) => JSON.stringify(row['tickers']) === '[]')).toBe(true);
  expect(balances.some((row) => row['tickers'] === undefined)).toBe(true);
  expect(balances.some((row) => row['filing_date'] === undefined)).toBe(true);
  expect(balances.every((row) => row['timeframe'] !== 'trailing_twelve_months')).toBe(true);
  expect(balances.some((row) => row['timeframe'] === 'annual' && row['fiscal_quarter'] === undefined)).toBe(
    true,
  );
  const apple = balances.find(
    (row) => row['period_end'] === '2025-06-28' && String(row['tickers']) === 'AAPL',
  );
  expect(apple).toMatchObject({
    fiscal_year: 2025,
    fiscal_quarter: 3,
    cik: '0000320193',
    timeframe: 'quarterly',
  });
});

test('no value is absent or null, 0 is a value, and round amounts have exponents', () => {
  expect(balances.some((row) => row['commitments_and_contingencies'] === null)).toBe(true);
  expect(balances.some((row) => row['commitments_and_contingencies'] === 0)).toBe(true);
  expect(balances.some((row) => row['commitments_and_contingencies'] === undefined)).toBe(true);
  expect(incomes.some((row) => row['other_operating_expenses'] === 0)).toBe(true);
  expect(texts.join()).toMatch(/:-?\d(\.\d{1,4})?e\+\d\d[,}]/);
});

test('an amendment is a second row with a later filing date and other numbers', () => {
  const groups = new Map<string, Fields[]>();
  for (const row of incomes) {
    if (row['timeframe'] !== 'quarterly' || row['filing_date'] === undefined) continue;
    const name = keyOf(row).replace(/ [^ ]*$/, '');
    groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  const amended = [...groups.values()].filter((rows) => rows.length > 1);
  expect(amended.length).toBeGreaterThan(3);
  for (const rows of amended) {
    rows.sort((a, b) => (String(a['filing_date']) < String(b['filing_date']) ? -1 : 1));
    expect(amount(rows[1], 'revenue')).toBeLessThan(amount(rows[0], 'revenue'));
    expect(rows[0]?.['filing_date']).not.toBe(rows[1]?.['filing_date']);
  }
  expect(new Set(incomes.map(keyOf)).size).toBe(incomes.length);
});

describe('as time goes on', () => {
  const where = `${REST_PATHS.balance_sheets}?period_end.gte=2025-01-01&limit=50000`;
  const LATER = [150, 400];

  test('filings appear on their day; old ones are read again without a new date; wrong quarters vanish', async () => {
    const sandbox = await running({ tickers: 600 });
    const states: Map<string, Fields>[] = [];
    for (const days of [0, ...LATER]) {
      await sandbox.setRestNow(new Date(NOW.getTime() + days * DAY_MS));
      states.push(new Map((await rowsOf(sandbox, where)).map((row) => [keyOf(row), row])));
    }
    const [first = new Map<string, Fields>(), , last = new Map<string, Fields>()] = states;
    const today = NOW.toISOString().slice(0, 10);
    expect([...first.values()].every((row) => String(row['filing_date'] ?? '') <= today)).toBe(true);
    expect([...last.keys()].filter((key) => !first.has(key)).length).toBeGreaterThan(300);
    expect([...first.keys()].filter((key) => !last.has(key)).length).toBeGreaterThan(0);
    const again = [...first].filter(([key, row]) => last.has(key) && changed(row, last.get(key)));
    expect(again.length).toBeGreaterThan(2);
    for (const [key, row] of again) {
      expect(row['intangible_assets_net']).toBeUndefined();
      expect(amount(last.get(key), 'other_assets') + amount(last.get(key), 'intangible_assets_net')).toBe(
        amount(row, 'other_assets'),
      );
    }
  });

  function changed(before: Fields, after: Fields | undefined): boolean {
    const { tickers: _before, ...own } = before;
    const { tickers: _after, ...other } = after ?? {};
    return JSON.stringify(own) !== JSON.stringify(other);
  }
});

test('the older financials: all statements in a record, labels and units, texts for years, hardly a fourth quarter', async () => {
  const sandbox = await running({ tickers: 200 });
  const rows = await rowsOf(sandbox, `${REST_PATHS.financials}?ticker=AAPL&limit=100`);
  const of = (name: string) => rows.filter((row) => row['timeframe'] === name);
  expect(of('annual').length).toBeGreaterThan(14);
  expect(of('ttm').every((row) => row['filing_date'] === undefined && row['fiscal_period'] === 'TTM')).toBe(
    true,
  );
  expect(rows.every((row) => typeof row['fiscal_year'] === 'string')).toBe(true);
  const quarters = of('quarterly').map((row) => row['fiscal_period']);
  expect(quarters.filter((one) => one === 'Q4').length).toBeLessThan(
    quarters.filter((one) => one === 'Q1').length / 2,
  );
  const [newest] = of('annual');
  const plain = await rowsOf(
    sandbox,
    `${REST_PATHS.income_statements}?tickers=AAPL&timeframe=annual&period_end=${newest?.['end_date']}`,
  );
  expect(newest).toMatchObject({
    company_name: 'Apple Inc.',
    financials: {
      income_statement: { revenues: { value: plain[0]?.['revenue'], unit: 'USD', label: 'Revenues' } },
    },
  });
  expect((await ask(sandbox, `${REST_PATHS.financials}?limit=101`)).status).toBe(400);
});

test("the vendor's ratios: of the last session only, by its close, fractions, CIKs without zeros", async () => {
  const sandbox = await running({ tickers: 200 });
  const rows = await rowsOf(sandbox, `${REST_PATHS.vendor_ratios}?limit=50000`);
  expect(rows.length).toBeGreaterThan(60);
  expect(new Set(rows.map((row) => row['date']))).toEqual(new Set(['2026-11-19']));
  const apple = rows.find((row) => row['ticker'] === 'AAPL');
  expect(apple).toMatchObject({ cik: '320193' });
  const [details] = [(await ask(sandbox, '/v3/reference/tickers/AAPL')).body.results as unknown as Fields];
  expect(amount(apple, 'market_cap') / amount(details, 'market_cap')).toBeCloseTo(1, 2);
  expect(
    amount(apple, 'price') / amount(apple, 'earnings_per_share') / amount(apple, 'price_to_earnings'),
  ).toBeCloseTo(1, 2);
  expect(
    rows.every((row) => row['price_to_earnings'] === undefined || amount(row, 'price_to_earnings') > 0),
  ).toBe(true);
  const dear = await rowsOf(sandbox, `${REST_PATHS.vendor_ratios}?limit=50000&price_to_earnings.gte=30`);
  expect(dear.length).toBeGreaterThan(0);
  expect(dear.length).toBeLessThan(rows.length);
});
