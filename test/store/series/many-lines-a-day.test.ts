import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '#market/calendar/iso-day.js';
import { localText, shownFraction } from '#market/calendar/local-stamps.js';
import { isExceptional } from '#market/calendar/trade-date.js';
import { dayBars, type SeriesForm } from '#market/datasets/series-form.js';
import { headerOf, lineShapeOf } from '#store/series/line-shape.js';
import { readForeign } from '#store/series/read-foreign.js';
import { readOwn } from '#store/series/read-own.js';
import type { Row } from '#store/series/row.js';
import { parseSeries, renderSeries } from '#store/series/series-file.js';

const minutes: SeriesForm = { ...dayBars, time: 'moment', evenings: 'next' };
const contracts: SeriesForm = { ...dayBars, of: 'underlying' };
const contractMinutes: SeriesForm = { ...dayBars, time: 'moment', of: 'underlying', evenings: 'own' };
const trades: SeriesForm = {
  ...dayBars,
  ...{ time: 'moment', evenings: 'next', values: ['price', 'size', 'conditions'] },
};
const parse = (text: string, form = minutes) => parseSeries(Buffer.from(text), form);

const HEADER = headerOf(lineShapeOf(minutes));
const A = '2024-01-02 09:30:00-05:00,187.15,188.44,183.885,185.64,82488674';
const B = '2024-01-02 09:31:00-05:00,185.64,186,185,185.5,0.000001';
const C = '2024-01-03 04:00:00-05:00,184.22,185.88,183.43,184.25,58414460';
const rows: readonly Row[] = [
  { day: '2024-01-02', values: `${A}\n${B}` },
  { day: '2024-01-03', values: C },
];

describe('minutes', () => {
  it('canonical, to the byte', () => {
    const text = `${HEADER}${A}\n${B}\n${C}\n`;
    expect(parse(text)).toEqual({ ok: true, rows, canonical: true, lost: [] });
    expect(readOwn(Buffer.from(text), lineShapeOf(minutes))).toEqual(rows);
    expect(Buffer.from(renderSeries(rows, minutes)).toString()).toBe(text);
    expect(parse(HEADER)).toEqual({ ok: true, rows: [], canonical: true, lost: [] });
  });

  it.each([
    ['a BOM and CRLF', `\uFEFF${HEADER}${A}\n${B}\n${C}\n`.replaceAll('\n', '\r\n'), []],
    ['no last newline', `${HEADER}${A}\n${B}\n${C}`, []],
    ['no order', `${HEADER}${C}\n${B}\n${A}\n`, []],
    [
      'the last of a repeated stamp',
      `${HEADER}${A.replace('187.15', '1')}\n${A}\n${B}\n${C}\n`,
      ['repeated stamps'],
    ],
    ['a # header', `# mine\n${HEADER}${A}\n${B}\n${C}\n`, ['comments']],
    [
      'yfinance, Ticker.history()',
      `Datetime,Open,High,Low,Close,Volume,Dividends,Stock Splits\n${[A, B, C].map((line) => `${line},0.0,0.0\n`).join('')}`,
      ['Dividends', 'Stock Splits'],
    ],
    [
      'yfinance, download(): UTC, three lines of header, another order',
      'Price,Close,High,Low,Open,Volume\nTicker,AAPL,AAPL,AAPL,AAPL,AAPL\nDatetime,,,,,\n' +
        '2024-01-02 14:30:00+00:00,185.64,188.44,183.885,187.15,82488674\n' +
        '2024-01-02 14:31:00+00:00,185.50,186.0,185.0,185.64,1e-6\n' +
        '2024-01-03 09:00:00+00:00,184.25,185.88,183.43,184.22,58414460\n',
      ['ticker line'],
    ],
    [
      'the wall clock alone',
      `${HEADER}${[A, B, C].map((line) => `${line.replace('-05:00', '').replace(' ', 'T')}\n`).join('')}`,
      [],
    ],
    ['fractions of nothing', `${HEADER}${A.replace('00-05', '00.000-05')}\n${B}\n${C}\n`, []],
  ])('reads %s', (_, text, lost) => {
    expect(parse(text)).toEqual({ ok: true, rows, canonical: false, lost });
  });

  it('a day is the zone’s, not the text’s', () => {
    const evening = parse(`${HEADER}2024-01-03 00:59:00+00:00,1,1,1,1,1\n`);
    expect(evening.ok && evening.rows).toEqual([
      { day: '2024-01-02', values: '2024-01-02 19:59:00-05:00,1,1,1,1,1' },
    ]);
  });

  it('an evening of shares is the next day’s from December 2026 on, and what is in quotes the other’s', () => {
    const evening = '2026-12-08 20:00:00-05:00,1,1,1,1,1';
    const marked = '"2026-12-08 20:00:00-05:00",2,2,2,2,2';
    const before = '2024-01-02 20:00:00-05:00,1,1,1,1,1';
    const text = `${HEADER}${before}\n${marked}\n${evening}\n2026-12-09 09:30:00-05:00,3,3,3,3,3\n`;
    expect(parse(text)).toEqual({
      ok: true,
      rows: [
        { day: '2024-01-02', values: before },
        { day: '2026-12-08', values: marked },
        { day: '2026-12-09', values: `${evening}\n2026-12-09 09:30:00-05:00,3,3,3,3,3` },
      ],
      canonical: true,
      lost: [],
    });
  });

  it('quotes round everything, as R and pandas write them, say nothing', () => {
    const lines = [HEADER.trimEnd(), '2026-12-08 20:00:00-05:00,2,2,2,2,2'];
    const quoted = lines.map((line) => line.replace(/[^,]+/g, '"$&"')).join('\n');
    expect(parse(`${quoted}\n`)).toMatchObject({ rows: [{ day: '2026-12-09', values: lines[1] }] });
  });

  it('the hour that is twice stands in its order, and is canonical', () => {
    const lines = ['01:59:00-04:00', '01:00:00-05:00', '01:59:00-05:00'].map(
      (time) => `2024-11-03 ${time},1,1,1,1,1`,
    );
    const read = parse(`${HEADER}${lines.join('\n')}\n`);
    expect(read).toEqual({
      ok: true,
      rows: [{ day: '2024-11-03', values: lines.join('\n') }],
      canonical: true,
      lost: [],
    });
    expect(parse(`${HEADER}${lines.toReversed().join('\n')}\n`)).toMatchObject({
      rows: read.ok && read.rows,
    });
  });

  it('a fraction of a second has six digits or nine', () => {
    const read = parse(`${HEADER}${A.replace('00-05', '00.5-05')}\n`);
    expect(read).toMatchObject({ canonical: false, rows: [{ values: A.replace('00-05', '00.500000-05') }] });
    expect(read.ok && parseSeries(renderSeries(read.rows, minutes), minutes)).toMatchObject({
      canonical: true,
    });
  });

  it.each([
    [`${HEADER}2024-01-02,1,2,1,2,3\n`, 'line 2, column 1: "2024-01-02" is not a date and a time of day'],
    [
      `${HEADER}2024-02-30 09:30:00-05:00,1,2,1,2,3\n`,
      '"2024-02-30 09:30:00-05:00" is not a date and a time',
    ],
    [`${HEADER}${A}\n2024-01-02 09:31:00-05:00,18`, 'line 3 has 2 columns; 6 are needed'],
    ['Datetime,Open,High,Low,Volume\n', 'line 1 has no column Close among its 5'],
    [`${HEADER}2024-01-02 09:30:00-05:00,1,2,1,2,"1,000"\n`, 'line 2, column 6: "1,000" is not a number'],
    ['AA\0BB', 'byte 3 of 5 is NUL'],
  ])('refuses %j with the place', (text, reason) => {
    expect(parse(text)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });
});

describe('contracts', () => {
  const day = (date: string) =>
    ['C', 'P']
      .map((right) => `${date},TSLA250117${right}00200000,2025-01-17,${right},200,1.5,2,1,1.75,10`)
      .join('\n');
  const some: readonly Row[] = ['2024-01-02', '2024-01-03'].map((date) => ({ day: date, values: day(date) }));
  const text = `${headerOf(lineShapeOf(contracts))}${day('2024-01-02')}\n${day('2024-01-03')}\n`;

  it('a day is a block of lines in an order of their own', () => {
    expect(parse(text, contracts)).toEqual({ ok: true, rows: some, canonical: true, lost: [] });
    expect(readOwn(Buffer.from(text), lineShapeOf(contracts))).toEqual(some);
    expect(Buffer.from(renderSeries(some, contracts)).toString()).toBe(text);
  });

  it('days apart come together, their lines in the order of the file', () => {
    const [header, ...lines] = text.trimEnd().split('\n');
    const mixed = [header, lines[2], lines[0], lines[3], lines[1], ''].join('\r\n');
    expect(parse(mixed, contracts)).toEqual({ ok: true, rows: some, canonical: false, lost: [] });
  });

  it.each([
    ['Date,Open,High,Low,Close,Volume\n', 'has no column Contract'],
    [text.replace('2024-01-03', 'yesterday'), '"yesterday" is not a date (YYYY-MM-DD)'],
  ])('refuses %j', (wrong, reason) => {
    expect(parse(wrong, contracts)).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });
});

const number = fc.oneof(
  fc.integer({ min: 1, max: 2 ** 31 - 1 }).map(String),
  fc.tuple(fc.nat(), fc.nat(99_999)).map(([whole, part]) => `${whole}.${part}9`),
);
const cell = fc.oneof({ weight: 9, arbitrary: number }, fc.constantFrom('', 'NaN', '-1.5', 'é', '#'));
const word = fc.constantFrom(
  'C',
  'P',
  'TSLA250117C00200000',
  '2025-01-17',
  '007',
  '1.50',
  '#x',
  'é',
  '',
  '"12,37"',
  'a b',
  '"a ""b"""',
  '"a\nb, c"',
);
/** Of 2000 to 2032, often one on which clocks change in New York. */
const days = fc
  .uniqueArray(fc.oneof(fc.nat(12_000), fc.constantFrom(8835, 9073)), { maxLength: 6 })
  .map((offsets) => offsets.sort((a, b) => a - b).map((offset) => addDays('2000-01-01', offset)));

/** Rows in canonical form; of `plain` cells only where all are to be quick. */
function rowsOf(form: SeriesForm, value: fc.Arbitrary<string>, plain: boolean): fc.Arbitrary<readonly Row[]> {
  const { columns, timeZone, evenings, nanoseconds, distinct } = lineShapeOf(form);
  const fraction = plain && !nanoseconds ? fc.constant('') : fc.constantFrom('', '', '.5', '.000000001');
  // In UTC: from 20:00 or 21:00 in New York on the evening before to 23:00 or midnight.
  const time = fc.tuple(fc.integer({ min: 3600, max: 100_799 }), fraction);
  const values = fc.tuple(
    ...columns.slice(1).map((column) => {
      if (['Contract', 'Expiry', 'Right', 'price', 'size', 'conditions'].includes(column))
        return plain ? word.filter((w) => /^[\n -~]*$/.test(w)) : word;
      // Of nothing but nothing it would be no row.
      if (column === 'Open') return number;
      return value;
    }),
  );
  const lines = fc.uniqueArray(fc.tuple(time, values), {
    minLength: 1,
    maxLength: 5,
    selector: ([[at]]): unknown => (distinct ? at : Symbol()),
  });
  return days.chain((on) =>
    fc.tuple(...on.map((day) => fc.tuple(fc.constant(day), lines))).map((all) =>
      all.map(([day, some]) => ({
        day,
        values: some
          .sort((a, b) => (distinct ? a[0][0] - b[0][0] : 0))
          .map(([[second, part], cells]) => {
            if (timeZone === undefined) return [day, ...cells].join(',');
            const shown = shownFraction(part, nanoseconds ? 'always' : 'needed');
            const stamp = localText(Date.parse(day) / 1000 + second, timeZone, shown);
            const isMarked =
              evenings !== undefined &&
              Number(stamp.slice(11, 13)) >= 20 &&
              isExceptional(stamp.slice(0, 10), day, evenings);
            return [isMarked ? `"${stamp}"` : stamp, ...cells].join(',');
          })
          .join('\n'),
      })),
    ),
  );
}

describe.each([
  ['minutes', minutes],
  ['contracts', contracts],
  ['minutes of contracts', contractMinutes],
  ['trades', trades],
])('laws of %s', (_, form) => {
  const shape = lineShapeOf(form);
  it('what was rendered is read back, and is canonical', () => {
    fc.assert(
      fc.property(rowsOf(form, cell, false), (all) => {
        const bytes = renderSeries(all, form);
        expect(parseSeries(bytes, form)).toEqual({ ok: true, rows: all, canonical: true, lost: [] });
        expect(readForeign(bytes, shape)).toEqual({ ok: true, rows: all, lost: [] });
      }),
    );
  });

  it('plain ones take the quick way', () => {
    fc.assert(
      fc.property(rowsOf(form, number, true), (all) => {
        expect(readOwn(renderSeries(all, form), shape)).toEqual(all);
      }),
    );
  });

  it('the quick way never reads what the patient way would read otherwise', () => {
    const edit = fc.record({
      at: fc.nat(600),
      remove: fc.nat(3),
      insert: fc.constantFrom('', '0', '.', ',', '\n', '\r', '9', '"', '#', '-', '+', ':', ' ', 'x'),
    });
    let quick = 0;
    fc.assert(
      fc.property(rowsOf(form, number, true), fc.array(edit, { maxLength: 2 }), (all, edits) => {
        let text = Buffer.from(renderSeries(all, form)).toString();
        for (const { at, remove, insert } of edits) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + insert + text.slice(place + remove);
        }
        const bytes = Buffer.from(text);
        const read = readOwn(bytes, shape);
        if (read === undefined) return;
        quick++;
        expect(readForeign(bytes, shape)).toEqual({ ok: true, rows: read, lost: [] });
        expect(Buffer.compare(renderSeries(read, form), bytes)).toBe(0);
      }),
      { numRuns: 2000 },
    );
    expect(quick).toBeGreaterThan(300);
  });

  it('no bytes make it throw', () => {
    const pieces = fc.array(
      fc.constantFrom('Date', ',', '\n', '"', '#', '2024-01-02', ' 09:30:00', '-05:00', '1', ' ', '\r'),
      { maxLength: 60 },
    );
    fc.assert(fc.property(pieces, (all) => void parse(`${headerOf(shape)}${all.join('')}`, form)));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseSeries(bytes, form)));
  });
});
