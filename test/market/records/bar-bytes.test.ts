/** The quick way to a bar's values gives what the slow way gives, or leaves it to it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barValues } from '#market/records/bar.js';
import { MOST_VALUE_BYTES, writeBarBytes } from '#market/records/bar-bytes.js';
import { indexDay } from '#market/records/day-index.js';

const digits = fc.stringMatching(/^[0-9]{1,45}$/);
const number = fc.oneof(
  fc.tuple(digits, digits).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.stringMatching(/^(0|[1-9][0-9]{0,9})\.[0-9]{0,3}0{0,6}$/),
  digits,
  fc.constantFrom('0', '0.0', '00', '007.50', '.5', '5.', '1e-05', '0.000000', '1.5E+06'),
);

test('the same bytes as the slow way, for every bar', () => {
  fc.assert(
    fc.property(fc.array(number, { minLength: 5, maxLength: 5 }), ([o, h, l, c, v]) => {
      const text = Buffer.from(`ticker,volume,open,close,high,low\nA,${v},${o},${c},${h},${l}\n`);
      const index = indexDay(text);
      const target = Buffer.alloc(MOST_VALUE_BYTES + 3);
      const end = writeBarBytes(index.fieldsOf(0), index.columns, target, 3);
      if (end >= 0)
        expect(target.toString('latin1', 3, end)).toBe(barValues(index.fieldsOf(0), index.columns));
    }),
    { numRuns: 3000 },
  );
});

test('numbers as the vendor writes them take the quick way', () => {
  const text = Buffer.from(
    'ticker,volume,open,close,high,low\nAAPL,33278552.153126,333.260000,333.690000,334.540000,330.610000\n',
  );
  const index = indexDay(text);
  const target = Buffer.alloc(MOST_VALUE_BYTES);
  const end = writeBarBytes(index.fieldsOf(0), index.columns, target, 0);
  expect(target.toString('latin1', 0, end)).toBe('333.26,334.54,330.61,333.69,33278552.153126');
});
