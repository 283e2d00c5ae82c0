/** Whose currency counts, and in which unit the prices are. */
import { expect, it } from 'vitest';
import { type CurrencyPolicy, listedMoney, resolveCurrency } from '#market/instruments/currency.js';

const of = (currency: string, region: string, policy: CurrencyPolicy = 'broker', name = '') => {
  const listed = listedMoney(currency, name);
  const { status, resolved, unit, unitFrom } = resolveCurrency({
    listed,
    region,
    isLondon: region === 'uk',
    policy,
  });
  return [status, resolved, unit, unitFrom].join(' ');
};

it.each([
  ['USD', 'us', 'broker', 'match USD 1 listed'],
  ['USD', 'uk', 'broker', 'override USD 1 listed'],
  ['USD', 'uk', 'stooq', 'mismatch GBP 0.01 usual'],
  ['USD', 'uk', 'strict', 'error:lse_currency_override   '],
  ['EUR', 'us', 'broker', 'mismatch USD 1 usual'],
  ['GBX', 'uk', 'broker', 'match GBP 0.01 listed'],
  ['GBp', 'uk', 'strict', 'match GBP 0.01 listed'],
  ['GBP', 'uk', 'broker', 'match GBP 0.01 usual'],
  ['ZAc', 'world', 'broker', 'expected_only ZAR 0.01 listed'],
  ['ILA', 'world', 'broker', 'expected_only ILS 0.01 listed'],
  ['', 'pl', 'broker', 'inferred_only PLN 1 usual'],
  ['', 'world', 'broker', 'unknown   '],
] as const)('%s in region %s, policy %s', (currency, region, policy, right) => {
  expect(of(currency, region, policy)).toBe(right);
});

it('reads the last word of the name only where the column is empty', () => {
  expect(of('', 'uk', 'broker', 'W.A.G payment solutions Plc. GBX')).toBe('match GBP 0.01 listed');
  expect(of('', 'us', 'broker', 'USD')).toBe('match USD 1 listed');
  expect(of('EUR', 'us', 'broker', 'Something USD')).toBe('mismatch USD 1 usual');
  expect(of('', 'us', 'broker', 'APPLE INC')).toBe('inferred_only USD 1 usual');
});
