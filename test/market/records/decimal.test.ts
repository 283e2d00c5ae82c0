import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareDecimal, isDecimal, plainDecimal, trimDecimal } from '#market/records/decimal.js';

test.each([
  ['115.030000', '115.03'],
  ['6944.000000', '6944'],
  ['33278552.153126', '33278552.153126'],
  ['0.000000', '0'],
  ['0.0055', '0.0055'],
  ['100', '100'],
  ['0', '0'],
  ['5.', '5'],
  ['1.50e10', '1.50e10'],
  ['1.2.0', '1.2.0'],
  ['x.0', 'x.0'],
  ['.', '.'],
  ['', ''],
])('%j trimmed is %j', (text, trimmed) => {
  expect(trimDecimal(text)).toBe(trimmed);
});

test.each([
  ['1e-05', '0.00001'],
  ['1.5E+06', '1500000'],
  ['1.2345e2', '123.45'],
  ['12.5e-3', '0.0125'],
  ['.50', '0.5'],
  ['5.', '5'],
  ['007.10', '7.1'],
  ['0e40', '0'],
  ['1e-40', `0.${'0'.repeat(39)}1`],
])('%j in plain is %j', (text, plain) => {
  expect(isDecimal(text)).toBe(true);
  expect(plainDecimal(text)).toBe(plain);
});

test('what is no decimal number', () => {
  const none = [
    '',
    '.',
    '-1',
    '+1',
    '1e41',
    '1e-41',
    '1e99999',
    'e5',
    '.e5',
    'NaN',
    'Infinity',
    '0x10',
    '1_000',
    ' 1',
    '1\n',
    '1,5',
    '١',
  ];
  for (const text of none) {
    expect(isDecimal(text), text).toBe(false);
    expect(() => plainDecimal(text)).toThrow(RangeError);
  }
});

const digits = (min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });
const plain = fc
  .tuple(digits(1, 25), digits(0, 25))
  .map(([whole, fraction]) => (fraction === '' ? whole : `${whole}.${fraction}`));

/** The number times 10^80, exact. */
function scaled(text: string): bigint {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  return BigInt(whole + fraction) * 10n ** BigInt(80 - fraction.length + Number(exponent));
}

test('the plain form is the same number, in one form only', () => {
  fc.assert(
    fc.property(
      plain,
      fc.option(fc.integer({ min: -40, max: 40 }), { nil: undefined }),
      (number, exponent) => {
        const text = exponent === undefined ? number : `${number}e${exponent}`;
        const canonical = plainDecimal(text);
        expect(canonical).toMatch(/^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/);
        expect(scaled(canonical)).toBe(scaled(text));
        expect(plainDecimal(canonical)).toBe(canonical);
        expect(scaled(trimDecimal(number))).toBe(scaled(number));
        if (!/^0\d/.test(number)) expect(trimDecimal(number)).toBe(plainDecimal(number));
      },
    ),
  );
});

test('comparing is exact', () => {
  const near = fc.string({ unit: fc.constantFrom('0', '1'), minLength: 1, maxLength: 4 });
  const number = fc.oneof(
    plain,
    fc.tuple(near, near).map((parts) => parts.join('.')),
    near,
  );
  fc.assert(
    fc.property(number, number, (a, b) => {
      const difference = scaled(a) - scaled(b);
      expect(compareDecimal(a, b)).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
    }),
    { numRuns: 2000 },
  );
  expect(compareDecimal('.5', '0.50')).toBe(0);
});
