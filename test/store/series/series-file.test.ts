import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '#market/calendar/iso-day.js';
import { dayBars } from '#market/datasets/series-form.js';
import { lineShapeOf } from '#store/series/line-shape.js';
import { readForeign } from '#store/series/read-foreign.js';
import { readOwn } from '#store/series/read-own.js';
import type { Row } from '#store/series/row.js';
import { parseSeries, renderSeries } from '#store/series/series-file.js';

const shape = lineShapeOf(dayBars);
const HEADER = 'Date,Open,High,Low,Close,Volume';
const parse = (text: string) => parseSeries(Buffer.from(text));

const two: readonly Row[] = [
  { day: '2024-01-02', values: '187.15,188.44,183.885,185.64,82488674' },
  { day: '2024-01-03', values: '184.22,185.88,183.43,184.25,58414460' },
];
const [first, second] = two.map(({ day, values }) => `${day},${values}`);

test('canonical, to the byte', () => {
  const text = `${HEADER}\n${first}\n${second}\n`;
  expect(parse(text)).toEqual({ ok: true, rows: two, canonical: true, lost: [] });
  expect(Buffer.from(renderSeries(two)).toString()).toBe(text);
  expect(parse(`${HEADER}\n`)).toEqual({ ok: true, rows: [], canonical: true, lost: [] });
});

test.each([
  ['a BOM and CRLF', `\uFEFF${HEADER}\r\n${first}\r\n${second}\r\n`, []],
  ['no last newline', `${HEADER}\n${first}\n${second}`, []],
  ['blank lines, blanks', `\n${HEADER}\n\n ${first} \n${second}\n\n`, []],
  ['descending', `${HEADER}\n${second}\n${first}\n`, []],
  ['a # header', `# from the bank, "my" file\n#\n${HEADER}\n${first}\n  # gap\n${second}\n`, ['comments']],
  ['the last of repeated days', `${HEADER}\n2024-01-02,1,2,1,2,3\n${first}\n${second}\n`, ['repeated days']],
  [
    'another order, other case',
    'volume,CLOSE,low,High,open,date\n82488674,185.64,183.885,188.44,187.15,2024-01-02\n58414460,184.25,183.43,185.88,184.22,2024-01-03\n',
    [],
  ],
  [
    'yfinance, Ticker.history()',
    `Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n2024-01-02 00:00:00-05:00,${two[0]?.values},0.0,0.0\n2024-01-03 00:00:00-05:00,${two[1]?.values},0.0,0.0\n`,
    ['Dividends', 'Stock Splits', 'time of day'],
  ],
  [
    'yfinance, download() of old',
    'Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,187.150000,188.440000,183.885000,185.640000,184.9,82488674\n2024-01-03,184.22,185.88,183.43,184.25,183.5,5.841446e7\n',
    ['Adj Close'],
  ],
  [
    'yfinance, download() of today',
    'Price,Close,High,Low,Open,Volume\nTicker,AAPL,AAPL,AAPL,AAPL,AAPL\nDate,,,,,\n2024-01-02,185.64,188.44,183.885,187.15,82488674\n2024-01-03,184.25,185.88,183.43,184.22,58414460\n',
    ['ticker line'],
  ],
  [
    'pandas without a name of the index',
    `,Open,High,Low,Close,Volume\n2024-01-02T00:00:00Z,${two[0]?.values}\n2024-01-03,${two[1]?.values}\n`,
    ['time of day'],
  ],
  ['everything quoted', `${HEADER}\n${first}\n${second}\n`.replaceAll(/[^,\n]+/g, '"$&"'), []],
])('reads %s', (_, text, lost) => {
  expect(parse(text)).toEqual({ ok: true, rows: two, canonical: false, lost });
});

test('a row with one price is kept as the user wrote it, and one without any is none', () => {
  const text = `${HEADER}\n2024-01-02,,,,,\n2024-01-03,NaN,nan,-1.50,null,0\n2024-01-04,0,0,0,0,0\n`;
  const parsed = parse(text);
  expect(parsed).toMatchObject({ ok: true, canonical: false, lost: ['rows without a price'] });
  expect(parsed.ok && parsed.rows.map((row) => row.values)).toEqual(['NaN,nan,-1.50,null,0']);
});

test.each([
  ['', 0],
  ['\n\n', 0],
  ['# nothing yet\n', 1],
])('%j is a series without rows', (text, comments) => {
  expect(parse(text)).toEqual({
    ok: true,
    rows: [],
    canonical: false,
    lost: comments === 1 ? ['comments'] : [],
  });
});

test.each([
  ['AA\0BB', 'byte 3 of 5 is NUL'],
  [Buffer.from([0xff, 0xd8, 0xff, 0xe0]), '4 bytes are not UTF-8'],
  ['hello\nworld\n', 'line 1 is no header'],
  [`${first}\n`, 'line 1 is no header'],
  ['# x\n\nDate,Open,High,Low,Volume\n', 'line 3 has no column Close among its 5'],
  ['Date,Open,High,Low,Close,Close,Volume\n', 'two columns Close, 5 and 6'],
  [`${HEADER}\n${first}\n2024-01-03,18`, 'line 3 has 2 columns; 6 are needed'],
  [`${HEADER}\n2024-01-02,187,15,188,44,183,88,185,64,1\n`, 'line 2 has 10 columns, its header 6'],
  [`${HEADER}\n01/02/2024,1,2,1,2,3\n`, 'line 2, column 1: "01/02/2024" is not a date'],
  [`${HEADER}\n2024-02-30,1,2,1,2,3\n`, '"2024-02-30" is not a date'],
  [`${HEADER}\n2024-01-02,1,2,1,2,"1,000"\n`, 'line 2, column 6: "1,000" is not a number'],
  [`${HEADER}\n2024-01-02,1,2,1,2,"3\n`, 'CSV_QUOTE_NOT_CLOSED'],
  [
    `Datetime,Open,High,Low,Close,Volume\n2024-01-02 09:30:00-05:00,1,2,1,2,3\n2024-01-02 10:30:00-05:00,1,2,1,2,3\n`,
    'line 3 is a second time of day for 2024-01-02',
  ],
])('refuses %j with the place', (content, reason) => {
  const parsed = parseSeries(Buffer.from(content as string));
  expect(parsed).toEqual({ ok: false, reason: expect.stringContaining(reason) });
});

/** Of several at least one, so that a row is one. */
const price = fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(String);
const value = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(String),
  fc.tuple(fc.nat(), fc.nat(99_999)).map(([whole, part]) => `${whole}.${part}9`),
  fc.constantFrom('', 'NaN', '-1.5', 'é', '#'),
);
const rows = fc
  .uniqueArray(fc.nat(30_000), { maxLength: 12 })
  .chain((offsets) =>
    fc.tuple(
      ...offsets.map((offset) =>
        fc.tuple(fc.constant(offset), fc.tuple(price, ...Array.from({ length: 4 }, () => value))),
      ),
    ),
  )
  .map((entries) =>
    entries
      .sort((a, b) => a[0] - b[0])
      .map(([offset, values]) => ({ day: addDays('1950-01-01', offset), values: values.join(',') })),
  );

test('what was rendered is read back, and is canonical', () => {
  fc.assert(
    fc.property(rows, (all) => {
      expect(parseSeries(renderSeries(all))).toEqual({ ok: true, rows: all, canonical: true, lost: [] });
    }),
  );
});

test('the quick way never reads what the patient way would read otherwise', () => {
  const edit = fc.record({
    at: fc.nat(300),
    remove: fc.nat(3),
    insert: fc.constantFrom('', '0', '.', ',', '\n', '\r', '9', '"', '#', '-', 'x'),
  });
  const plainRows = rows.map((all) =>
    all.filter((row) => /^[\d.,]+$/.test(row.values) && !/,,|^,|,$/.test(row.values)),
  );
  let quick = 0;
  fc.assert(
    fc.property(plainRows, fc.array(edit, { maxLength: 2 }), (all, edits) => {
      let text = Buffer.from(renderSeries(all)).toString();
      for (const { at, remove, insert } of edits) {
        const place = at % (text.length + 1);
        text = text.slice(0, place) + insert + text.slice(place + remove);
      }
      const bytes = Buffer.from(text);
      const read = readOwn(bytes, shape);
      if (read === undefined) return;
      quick++;
      expect(readForeign(bytes, shape)).toEqual({ ok: true, rows: read, lost: [] });
      expect(Buffer.compare(renderSeries(read), bytes)).toBe(0);
    }),
    { numRuns: 2000 },
  );
  expect(quick).toBeGreaterThan(300);
});

test('no bytes make it throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseSeries(bytes)));
  const pieces = fc.array(
    fc.constantFrom('Date', 'Open', ',', '\n', '"', '#', '2024-01-02', '1', ' ', '\r', HEADER),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(pieces, (all) => void parse(`${HEADER}\n${all.join('')}`)),
    { numRuns: 1000 },
  );
});
