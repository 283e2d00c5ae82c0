import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type NumberColumns, type NumberProof, newNumberProver } from '#market/records/number-proof.js';

const COLUMNS: NumberColumns = {
  names: ['ticker', 'close', 'n'],
  decimals: 0b010n,
  wholes: 0b100n,
  ticker: 0,
  stamp: 2,
};

function proved(text: string): NumberProof & { readonly text: string } {
  const prover = newNumberProver(COLUMNS);
  const parts = prover.prove(Buffer.from(text));
  return { ...prover.result(), text: Buffer.concat(parts).toString() };
}

/** Whether a double gives the decimal back, by arithmetic on whole numbers alone. */
function isExact(digits: string, decimals: number): boolean {
  const value = Number(decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`);
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  // value = whole+fraction x 10^(exponent - fraction.length)
  const shift = Number(exponent) - fraction.length + decimals;
  const shortest = BigInt(whole + fraction);
  return shift >= 0
    ? shortest * 10n ** BigInt(shift) === BigInt(digits)
    : shortest === BigInt(digits) * 10n ** BigInt(-shift);
}

it('a number is told exactly where its double is another one', () => {
  const digits = fc.stringMatching(/^[1-9][0-9]{0,21}$/);
  fc.assert(
    fc.property(digits, fc.nat(21), (text, places) => {
      const decimals = Math.min(places, text.length - 1);
      const number = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
      const { lossy, rows } = proved(`A,${number},1\n`);
      expect([rows, lossy]).toEqual([1, isExact(text, decimals) ? 0 : 1]);
    }),
    { numRuns: 2000 },
  );
});

it('plain text stays as it is, whatever its length', () => {
  const text = Array.from({ length: 60_000 }, (_, i) => `T${String(i).padStart(6, '0')},${i}.25,${i}\n`).join(
    '',
  );
  const result = proved(text);
  expect(result).toMatchObject({ rows: 60_000, leftOut: 0, lossy: 0, ordered: true });
  expect(result.text).toBe(text);
});

it('what is no number goes, what is written otherwise is a number all the same', () => {
  const result = proved(
    'A,1e-8,7.0\nB,-1.5,9223372036854775807\nC,x,9223372036854775808\nD,1.2.3,\n"E,F",2,"3"\n',
  );
  expect(result.text).toBe('A,1e-8,7\nB,-1.5,9223372036854775807\nC,,\nD,,\n"E,F",2,3\n');
  expect(result).toMatchObject({ rows: 5, lossy: 3 });
  expect(result.examples.map(({ ticker, text }) => `${ticker} ${text}`)).toEqual([
    'C x',
    'C 9223372036854775808',
    'D 1.2.3',
  ]);
});

it('a number with an exponent is one as far as a double reaches', () => {
  const kept = ['1e41', '1.5E+308', '-2.5e-300', '5e-324', '0e999', '1e0000041', '0.0001e45', '12300e-50'];
  expect(proved(kept.map((number) => `A,${number},1\n`).join(''))).toMatchObject({
    text: kept.map((number) => `A,${number},1\n`).join(''),
    rows: kept.length,
    lossy: 0,
  });
  // What is smaller than any double is nought there, and told; what is larger than any is none.
  expect(proved('A,1e-400,1\n')).toMatchObject({ text: 'A,1e-400,1\n', lossy: 1 });
  for (const none of ['1e309', '1e', 'e5', '.', '1e5.0', '1 e5', 'Infinity'])
    expect(proved(`A,${none},1\n`)).toMatchObject({ text: 'A,,1\n', lossy: 1 });
});

it('lines of another width are left out, empty ones are none, and the last needs no end', () => {
  expect(proved('A,1\n\nB,1,2,3\r\nC,1,2\r\nD,2,3')).toMatchObject({
    text: 'C,1,2\r\nD,2,3\n',
    rows: 2,
    leftOut: 2,
  });
});

it('order is by ticker bytes, then by moment', () => {
  expect(proved('A,1,2\nA,1,10\na,1,1\n').ordered).toBe(true);
  expect(proved('A,1,10\nA,1,2\n').ordered).toBe(false);
  expect(proved('a,1,1\nA,1,2\n').ordered).toBe(false);
});
