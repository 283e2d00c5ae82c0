import { expect, it } from 'vitest';
import { isComplete, namesIn, splitStatements } from '#tasks/sql/statements.js';

it('cuts at semicolons, but not in texts, names and comments', () => {
  expect(splitStatements(`select ';', ";" -- ;\n; /* ; */ ;select 2;`)).toEqual([
    `select ';', ";" -- ;`,
    'select 2',
  ]);
  expect(splitStatements(" select 'it''s;' ")).toEqual(["select 'it''s;'"]);
  expect(splitStatements('-- nothing\n;')).toEqual([]);
});

it('knows whether a statement has ended', () => {
  expect(isComplete('select 1;')).toBe(true);
  expect(isComplete('select 1; -- so')).toBe(true);
  expect(isComplete('select 1')).toBe(false);
  expect(isComplete("select ';")).toBe(false);
});

it('names what a statement may be about, not what a comment is', () => {
  expect([...namesIn('select * from Stocks_Daily -- tickers')]).toEqual(['select', 'from', 'stocks_daily']);
});
