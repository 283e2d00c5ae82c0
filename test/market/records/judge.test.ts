/** What is a bar and what is not: one table for both the fast way over bytes and the exact way over text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barValues, newFields, VERDICTS } from '#market/records/bar.js';
import { readColumns } from '#market/records/columns.js';
import { indexDay } from '#market/records/day-index.js';
import { compareDecimal } from '#market/records/decimal.js';
import { nanoUnits } from '#market/records/number.js';

const columns = 'ticker,open,high,low,close,volume';

function verdictOf(line: string): string {
  const index = indexDay(Buffer.from(`${columns}\n${line}\n`, 'latin1'));
  expect(index.records).toBe(1);
  return VERDICTS[index.verdicts[0] ?? -1] ?? 'none';
}

function valuesOf(line: string): string | undefined {
  const index = indexDay(Buffer.from(`${columns}\n${line}\n`));
  return index.verdicts[0] === 0 ? barValues(index.fieldsOf(0), index.columns) : undefined;
}

test.each([
  ['A,2,3,1,2,100', 'a bar'],
  ['A,1,1,1,1,0', 'a bar'],
  ['A,2,3,1,2', 'too few fields'],
  ['A', 'too few fields'],
  ['A,2,3,1,2,100,', 'too many fields'],
  [',2,3,1,2,100', 'no ticker'],
  ['\xff,2,3,1,2,100', 'the ticker is not UTF-8'],
  ['\xc3\x89,2,3,1,2,100', 'a bar'],
  ['A,x,3,1,2,100', 'open is not a number'],
  ['A,,3,1,2,100', 'open is not a number'],
  ['A,2,-3,1,2,100', 'high is not a number'],
  ['A,2,3,NaN,2,100', 'low is not a number'],
  ['A,2,3,1,+2,100', 'close is not a number'],
  ['A,2,3,1,2,', 'volume is not a number'],
  ['A,2,3,1,2,-1', 'volume is not a number'],
  ['A,2,3,1,2,1e41', 'volume is not a number'],
  ['A,2,3,1, 2,1', 'close is not a number'],
  ['A,2,1,3,2,1', 'high is below low'],
  ['A,0.9,3,1,2,1', 'open or close is outside low and high'],
  ['A,3.000000001,3,1,2,1', 'open or close is outside low and high'],
  ['A,2,3,1,4,1', 'open or close is outside low and high'],
  ['A,2,3,1,0.99,1', 'open or close is outside low and high'],
  ['A,2,3,0,2,1', 'a price is zero'],
  ['A,0,0,0.000000,0,1', 'a price is zero'],
  ['A,0e5,3,0e5,2,1', 'a price is zero'],
  ['A,2e0,0.3E+1,1e-05,2,1.5e6', 'a bar'],
  ['A,2e0,0.2E+1,1e-05,3,1', 'open or close is outside low and high'],
  ['A,0.0055,0.0055,0.0055,0.0055,1', 'a bar'],
  ['A,700000.000000,700000.5,699999.999999,700000.000001,1.5', 'a bar'],
  ['A,1000000,1000000.000000001,999999.999999999,1000000,1', 'a bar'],
  ['A,1000000,999999.999999999,1000000.1,1000000,1', 'high is below low'],
  [`A,1,1.${'0'.repeat(30)}1,1,1.${'0'.repeat(30)}2,1`, 'open or close is outside low and high'],
  [`A,${'9'.repeat(30)},${'9'.repeat(30)},1,5,1`, 'a bar'],
])('%j: %s', (line, verdict) => {
  expect(verdictOf(line)).toBe(verdict);
});

test("a bar carries the vendor's digits, without useless zeros and exponents", () => {
  expect(valuesOf('A,700000.000000,700000.500000,0.0055,5.,33278552.153126')).toBe(
    '700000,700000.5,0.0055,5,33278552.153126',
  );
  expect(valuesOf('A,1e-05,1.5E+06,1e-05,.5,0.000000')).toBe('0.00001,1500000,0.00001,0.5,0');
});

const digits = (max: number) =>
  fc.string({ unit: fc.constantFrom('0', '1', '9'), minLength: 1, maxLength: max });
const number = fc
  .tuple(digits(8), fc.option(digits(11)))
  .map(([whole, part]) => (part === null ? whole : `${whole}.${part}`));

test('the fast way orders numbers exactly as their decimal text does, or leaves them alone', () => {
  const units = (text: string): number => nanoUnits(Buffer.from(text), 0, text.length);
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [x, y] = [units(a), units(b)];
      if (x >= 0 && y >= 0) expect(Math.sign(x - y)).toBe(compareDecimal(a, b));
    }),
    { numRuns: 2000 },
  );
  expect(units('999999.999999999')).toBe(999999999999999);
});

test('padding every price with zeros, which takes the exact way, never changes the verdict', () => {
  const price = fc.oneof(fc.constantFrom('0', '1', '2', '0.5', '1.000000001', '999999.999999999'), number);
  fc.assert(
    fc.property(price, price, price, price, (o, h, l, c) => {
      const padded = [o, h, l, c].map(
        (text) => `${'0'.repeat(30)}${text}${text.includes('.') ? '0'.repeat(30) : ''}`,
      );
      expect(verdictOf(`A,${padded.join(',')},1`)).toBe(verdictOf(`A,${o},${h},${l},${c},1`));
    }),
    { numRuns: 1000 },
  );
});

test('a header that lacks a column is refused by name', () => {
  expect(() => readColumns(['ticker', 'open', 'high', 'volume'])).toThrow(
    'the header lacks low, close; it begins "ticker,open,high,volume"',
  );
  expect(newFields(new Uint8Array(0)).count).toBe(0);
});
