/** What is found in the bytes of a price file, and what is left of them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flagsOf, statusOf } from '#market/instruments/price-quality.js';
import { judgePrices } from '#vendors/stooq/judge-prices.js';
import { numberAt } from '#vendors/stooq/price-number.js';

const HEADER = '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>';
const row = (date: string, close = '10', volume = '100', [open, high, low] = ['10', '12', '9']): string =>
  `X.US,D,${date},000000,${open},${high},${low},${close},${volume},0`;

function judge(text: string, isAmerican = false) {
  const bytes = new Uint8Array(text.length + 1);
  bytes.set(Buffer.from(text, 'latin1'));
  const { counts, end } = judgePrices(bytes, { start: 0, end: text.length, isAmerican });
  const flags = flagsOf(counts, counts.last);
  return {
    counts,
    rows: Buffer.from(bytes.subarray(0, end)).toString('latin1'),
    flags: flags.join(';'),
    status: statusOf(counts, flags),
  };
}

it('keeps every row as it is, with LF, and drops headers and blank lines', () => {
  const rows = [row('20240102'), row('2024-01-03'), row('20240104', 'x')];
  const { rows: kept, counts } = judge(`${HEADER}\r\n${rows.join('\r\n\r\n')}\r\n${HEADER}\r\n`);
  expect(kept).toBe(rows.map((line) => `${line}\n`).join(''));
  expect(counts).toMatchObject({
    rows: 2,
    first: 20240102,
    last: 20240104,
    invalidRows: 1,
    nonNumericPrices: 1,
  });
});

it('a last line without its end is a line', () => {
  expect(judge(`${HEADER}\n${row('20240102')}`).rows).toBe(`${row('20240102')}\n`);
});

it.each([
  ['', 'empty', ''],
  [`${HEADER}\r\n`, 'empty', ''],
  [row('20240102'), 'sparse', ''],
  [`${row('20240102')}\n${row('20240103')}`, 'ok', ''],
  [`${row('20240102')}\n${row('20230229')}\n${row('20240103')}`, 'warning', 'invalid_rows=1'],
  [`${row('20240102', '0')}\n${row('20240103', '-1')}`, 'warning', 'non_positive_close=2;ohlc_outside=2'],
  [
    `${row('20240102', '10', '')}\n${row('20240103', '10', '0')}`,
    'warning',
    'missing_volume=1;zero_volume=1;zero_volume_ratio=0.5000;zero_volume_severity=critical',
  ],
  [
    `${row('20240103')}\n${row('20240103')}\n${row('20240102')}`,
    'warning',
    'duplicate_dates;non_monotonic_dates',
  ],
  [
    `${row('20240102')}\n${row('20240104')}\n${row('20240102')}`,
    'warning',
    'duplicate_dates;non_monotonic_dates',
  ],
  [`${row('20240102')}\n${row('20240103', '10', '1', ['10', '9', '8'])}`, 'warning', 'ohlc_outside=1'],
  [`${row('20240102', '10')}\n${row('20240103', '20.1', '1', ['20', '21', '9'])}`, 'warning', 'jumps=1'],
])('%j is %s', (text, status, flags) => {
  expect(judge(text)).toMatchObject({ status, flags });
});

it('counts the sessions that an American file lacks, holidays and weekends left out', () => {
  const days = ['20240628', '20240701', '20240703', '20240705'];
  expect(judge(days.map((day) => row(day)).join('\n'), true).counts.missingSessions).toBe(1);
  expect(judge(days.map((day) => row(day)).join('\n'), false).counts.missingSessions).toBe(0);
});

it('a file that ends more than ten days before its region does is stale', () => {
  const { counts } = judge(`${row('20240102')}\n${row('20240103')}`);
  expect(flagsOf(counts, 20240113)).toEqual([]);
  expect(flagsOf(counts, 20240114)).toEqual(['stale_days=11']);
});

it('reads numbers as JavaScript does, and nothing else', () => {
  const read = (text: string): number => numberAt(Buffer.from(text), 0, text.length);
  const decimal = fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 18n }), fc.nat(17), fc.boolean())
    .map(([n, places, negative]) => {
      const digits = String(n).padStart(places + 1, '0');
      const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
      return (negative ? '-' : '') + text;
    });
  fc.assert(
    fc.property(decimal, (text) => {
      expect(read(text)).toBe(Number(text));
    }),
  );
  expect(read('1e3')).toBe(1000);
  expect(read('.5')).toBe(0.5);
  expect(read('5.')).toBe(5);
  for (const text of ['', '.', '-', '1.2.3', 'abc', 'nan', '1,2', '0x10']) expect(read(text), text).toBeNaN();
});

it('finds in plain rows what it finds in the same rows one by one', () => {
  const cell = fc.oneof(
    { weight: 12, arbitrary: fc.tuple(fc.nat(99_999), fc.nat(999)).map(([a, b]) => `${a}.${b}`) },
    fc.constantFrom(
      '',
      '0',
      '7',
      '.5',
      '5.',
      '.',
      '-1',
      '1e3',
      'x',
      '123456789012345.6',
      '1234567890123456',
      '1.2.3',
    ),
  );
  const line = fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constant('X.US,D') }, fc.constantFrom('Y.US,D', 'X.US', '')),
      fc.integer({ min: 20_240_101, max: 20_240_140 }).map(String),
      fc.constantFrom('000000', '000000', '000000', '153000'),
      fc.array(cell, { minLength: 5, maxLength: 5 }),
      fc.constantFrom(',0', ',0', ',0', '', ',12', ',x', ',0,extra'),
    )
    .map(([head, date, time, cells, tail]) => [head, date, time, ...cells].join(',') + tail);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, fc.constantFrom('\r\n', '\r\n', '\n', '\r\r\n')), { maxLength: 12 }),
      (all) => {
        const together = judge(all.flat().join(''));
        // Behind a header line alone, no row is known that it could share anything with.
        const alone = all.map(([text, end]) => judge(`${HEADER}\r\n${text}${end}`));
        expect(together.rows).toBe(alone.map(({ rows }) => rows).join(''));
        for (const field of [
          'rows',
          'invalidRows',
          'nonNumericPrices',
          'nonPositiveClose',
          'missingVolume',
          'zeroVolume',
          'outsideRange',
        ] as const)
          expect(together.counts[field]).toBe(alone.reduce((sum, { counts }) => sum + counts[field], 0));
      },
    ),
    { numRuns: 500 },
  );
});
