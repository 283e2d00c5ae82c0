/** Every table's value makes sense in itself, and the words of `fetch` mean what they say. */
import { describe, expect, it } from 'vitest';
import { GROUP_NAMES, TABLES, typesNamed } from '#market/tables/all.js';

const names = (word: string, short = false): readonly string[] | undefined =>
  typesNamed(word, { short })?.map(({ name }) => name);

describe.each([...TABLES.values()])('$name', (type) => {
  const columns = type.fields.map(({ name }) => name);

  it('names each column once, and none that every version has', () => {
    expect(new Set(columns).size).toBe(columns.length);
    for (const taken of ['extra', 'version', 'first_seen', 'assumed', 'gone_on', 'content_hash'])
      expect(columns).not.toContain(taken);
  });

  it('has its key, its date, its ticker and what moves among its columns', () => {
    const { key, date, ticker, moving, windows } = type;
    const named = [
      ...key,
      ...moving,
      ...(date === undefined ? [] : [date.column, date.otherwise ?? date.column]),
      ...(ticker === undefined ? [] : [ticker]),
      ...(windows.kind === 'dated' ? [windows.column] : []),
    ];
    expect(columns).toEqual(expect.arrayContaining(named));
    expect(key.length).toBeGreaterThan(0);
  });

  it('never lets a part of its key, or its date, move by itself: versions would be lost', () => {
    for (const name of [...type.key, type.date?.column]) expect(type.moving).not.toContain(name);
  });

  it('is asked for by {ticker} exactly where it is had ticker by ticker', () => {
    expect(type.path.includes('{ticker}')).toBe(type.windows.kind === 'tickers');
  });
});

describe('the words of fetch', () => {
  it('fetches the tickers before what goes over them', () => {
    expect(names('all')?.[0]).toBe('tickers');
    expect(names('reference')?.[0]).toBe('tickers');
  });

  it('takes short data only where it is wished for, or named', () => {
    expect(names('all')).not.toContain('short_interest');
    expect(names('all', true)).toContain('short_volume');
    expect(names('short')).toEqual(['short_interest', 'short_volume']);
  });

  it('has every table in a group', () => {
    const grouped = GROUP_NAMES.filter((word) => word !== 'all').flatMap((word) => names(word) ?? []);
    expect(new Set(grouped)).toEqual(new Set(TABLES.keys()));
    expect(grouped.length).toBe(TABLES.size);
  });

  it('understands a type by its name, with hyphens too, and no other word', () => {
    expect(names('balance-sheets')).toEqual(['balance_sheets']);
    expect(names('Splits')).toEqual(['splits']);
    expect(names('financial_ratios')).toEqual(['vendor_ratios']);
    expect(names('balance')).toBeUndefined();
  });
});

describe('statements', () => {
  it('have the columns that the vendor documents: 31, 27 and 25 amounts behind a head of seven, and where a record is from', () => {
    const count = (name: string): number | undefined => TABLES.get(name)?.fields.length;
    expect([count('balance_sheets'), count('income_statements'), count('cash_flow')]).toEqual([39, 35, 33]);
  });
});
