import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, isIsoDay } from '#market/calendar/iso-day.js';
import {
  contractsOf,
  endOfUnderlying,
  MOST_CONTRACT_BYTES,
  occAt,
  parseOcc,
  renderOcc,
  writeContract,
} from '#market/tickers/occ.js';

const tesla = {
  prefix: 'O:',
  root: 'TSLA',
  underlying: 'TSLA',
  expiry: '2025-01-17',
  right: 'C',
  strike: '200',
} as const;

describe('a symbol', () => {
  it.each([
    ['O:TSLA250117C00200000', {}],
    ['TSLA250117C00200000', { prefix: '' }],
    ['O:TSLA1250117P00062500', { root: 'TSLA1', right: 'P', strike: '62.5' }],
    ['O:TSLA12250117P00000125', { root: 'TSLA12', right: 'P', strike: '0.125' }],
    ['O:F250117C99999999', { root: 'F', underlying: 'F', strike: '99999.999' }],
    ['O:AB1CD250117C00200010', { root: 'AB1CD', underlying: 'AB1CD', strike: '200.01' }],
    ['O:7250117C00200000', { root: '7', underlying: '7' }],
    ['O:O250117C00200000', { root: 'O', underlying: 'O' }],
    ['O:SPXW240229C05000000', { root: 'SPXW', underlying: 'SPXW', expiry: '2024-02-29', strike: '5000' }],
  ])('%s', (symbol, expected) => {
    expect(parseOcc(symbol)).toEqual({ ...tesla, ...expected });
  });

  it.each([
    '',
    'O:',
    'TSLA',
    'O:250117C00200000',
    '250117C00200000',
    'O:TSLA250117X00200000',
    'O:TSLA250117c00200000',
    'O:TSLA250230C00200000',
    'O:TSLA230229C00200000',
    'O:TSLA251301C00200000',
    'O:TSLA250100C00200000',
    'O:TSLA250117C0020000',
    'O:TSLA250117C00200.00',
    'O:TSLABCD250117C00200000',
    'O:TSL-A250117C00200000',
    'O:tsla250117C00200000',
    'O:ÄB250117C00200000',
    'O:O:A250117C00200000',
    'I:SPX',
    'X:BTC-USD',
    ' O:TSLA250117C00200000',
    'O:TSLA250117C00200000 ',
  ])('%j is none', (symbol) => {
    expect(parseOcc(symbol)).toBeUndefined();
  });

  it.each([
    { ...tesla, strike: '0.0001' },
    { ...tesla, strike: '200.' },
    { ...tesla, strike: '0200' },
    { ...tesla, strike: '100000' },
    { ...tesla, root: 'TSLAXYZ' },
    { ...tesla, root: '' },
    { ...tesla, expiry: '1999-01-15' },
    { ...tesla, expiry: '2025-01-32' },
  ])('%j has none', (contract) => {
    expect(() => renderOcc(contract)).toThrow(RangeError);
  });
});

const root = fc.string({ unit: fc.constantFrom(...'ABCOPTZ019'), minLength: 1, maxLength: 6 });
const contract = fc.record({
  prefix: fc.constantFrom('O:' as const, '' as const),
  root,
  expiry: fc.integer({ min: 0, max: 36_524 }).map((n) => addDays('2000-01-01', n)),
  right: fc.constantFrom('C' as const, 'P' as const),
  strike: fc.integer({ min: 0, max: 99_999_999 }).map((n) => String(n / 1000)),
});
const symbol = fc.oneof(
  contract.map(renderOcc),
  fc
    .tuple(contract.map(renderOcc), fc.nat(24), fc.constantFrom('', '0', '3', 'C', 'P', ':', '-', 'x'))
    .map(([text, at, other]) => text.slice(0, at) + other + text.slice(at + 1)),
);

describe('laws', () => {
  it('what is read renders to itself, and what is rendered is read', () => {
    fc.assert(
      fc.property(contract, (one) => {
        expect(parseOcc(renderOcc(one))).toMatchObject(one);
      }),
    );
    let read = 0;
    fc.assert(
      fc.property(symbol, (text) => {
        const parsed = parseOcc(text);
        if (parsed === undefined) return;
        read++;
        expect(renderOcc(parsed)).toBe(text);
        expect(isIsoDay(parsed.expiry)).toBe(true);
        expect(parsed.root.startsWith(parsed.underlying)).toBe(true);
        expect(parsed.root.slice(parsed.underlying.length)).toMatch(/^\d*$/);
      }),
      { numRuns: 1000 },
    );
    expect(read).toBeGreaterThan(300);
  });

  it('amid other bytes it is the same, and the span’s columns are its own', () => {
    fc.assert(
      fc.property(symbol, (text) => {
        const bytes = Buffer.from(`9${text}9`);
        const target = Buffer.alloc(MOST_CONTRACT_BYTES + 2, '~');
        const parsed = parseOcc(text);
        expect(occAt(bytes, 1, bytes.length - 1)).toEqual(parsed);
        const underlyingEnd = endOfUnderlying(bytes, 1, bytes.length - 1);
        const end = writeContract(bytes, 1, bytes.length - 1, target, 1);
        if (parsed === undefined) {
          expect([underlyingEnd, end]).toEqual([-1, -1]);
          expect(target.toString()).toBe('~'.repeat(target.length));
          return;
        }
        const { prefix, underlying, expiry, right, strike } = parsed;
        expect(bytes.toString('latin1', 1 + prefix.length, underlyingEnd)).toBe(underlying);
        expect(target.toString('latin1', 1, end)).toBe(
          `${text.slice(prefix.length)},${expiry},${right},${strike}`,
        );
        expect(target.toString('latin1', end)).toBe('~'.repeat(target.length - end));
      }),
      { numRuns: 1000 },
    );
  });

  it('an underlying’s contracts stand together', () => {
    fc.assert(
      fc.property(contract, (one) => {
        const text = renderOcc({ ...one, prefix: 'O:' });
        const { underlying } = parseOcc(text) ?? tesla;
        fc.pre(underlying !== one.root || !/\d$/.test(underlying));
        const { from, to } = contractsOf(underlying);
        expect(from <= text && text < to).toBe(true);
      }),
    );
  });
});
