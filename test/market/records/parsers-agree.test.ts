/**
 * Both scanners and csv-parse must give the same reading of every text that they can read: to the byte,
 * record by record.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stocksDaily } from '#market/datasets/all.js';
import { barValues, type Fields, judge } from '#market/records/bar.js';
import { type Columns, HeaderError, MAX_FIELDS } from '#market/records/columns.js';
import { indexDay, tickerOf } from '#market/records/day-index.js';
import { scanPlain } from '#market/records/scan-plain.js';
import { scanQuoted } from '#market/records/scan-quoted.js';
import { takeRows } from '#market/records/take-rows.js';
import { rowCount, rowTicker, rowValues } from '#market/records/taken-rows.js';
import { kernel } from '#platform/wasm/kernel.js';
import { HEADER, quotedTexts, tickers, unquotedTexts } from './day-texts.js';
import { scanByCsvParse } from './scan-referee.js';

interface RecordSeen {
  readonly fields: readonly string[];
  readonly count: number;
  readonly verdict: number;
  readonly values: string | undefined;
}

function look(fields: Fields, columns: Columns): RecordSeen {
  const seen: string[] = [];
  for (let i = 0; i < Math.min(fields.count, MAX_FIELDS); i++) {
    seen.push(Buffer.from(fields.bytes.subarray(fields.starts[i], fields.ends[i])).toString('latin1'));
  }
  const verdict = judge(fields, columns);
  return {
    fields: seen,
    count: fields.count,
    verdict,
    values: verdict === 0 ? barValues(fields, columns) : undefined,
  };
}

/**
 * All that a scanner tells of a text; every record once as it was passed, and once again through `fieldsOf`.
 */
function read(scan: typeof scanByCsvParse, text: Uint8Array) {
  const from = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
  const starts: number[] = [];
  const records: RecordSeen[] = [];
  try {
    const { columns, headerEnd, fieldsOf } = scan(text, from, (start, fields, found) => {
      starts.push(start);
      records.push(look(fields, found));
    });
    const again = starts.map((start, i) => look(fieldsOf(start, starts[i + 1] ?? text.length), columns));
    return { columns, headerEnd, starts, records, again };
  } catch (error) {
    const { code } = error as { code?: string };
    if (code !== 'CSV_QUOTE_NOT_CLOSED' && !(error instanceof HeaderError)) throw error;
    return { refused: code ?? (error as Error).message, records, again: records };
  }
}

/**
 * The fast scanner, which leaves records in heaps: each is read out, and what was found of it must be what
 * its fields say.
 */
const scanHeaps: typeof scanByCsvParse = (text, from, add) =>
  scanPlain(text, from, {
    add,
    addScanned: (count, { columns, fieldsOf }) => {
      const { recordStarts, tickerStarts, tickerEnds, verdicts } = kernel();
      for (let i = 0; i < count; i++) {
        const start = recordStarts[i] as number;
        const fields = fieldsOf(start, text.length);
        const hasTicker = columns.ticker < fields.count;
        expect((tickerEnds[i] as number) - (tickerStarts[i] as number)).toBe(
          hasTicker ? (fields.ends[columns.ticker] as number) - (fields.starts[columns.ticker] as number) : 0,
        );
        if (hasTicker) expect(tickerStarts[i]).toBe(fields.starts[columns.ticker]);
        // A plain bar is found to be one, by either; what the scanner is not sure of, judge is asked.
        if (verdicts[i] === 0) expect(judge(fields, columns)).toBe(0);
        else expect(verdicts[i]).toBe(255);
        add(start, fields, columns);
      }
    },
  });

test('both scanners read every unquoted text alike, and again alike', () => {
  fc.assert(
    fc.property(unquotedTexts, (text) => {
      const plain = read(scanHeaps, text);
      expect(plain.again).toEqual(plain.records);
      expect(read(scanQuoted, text)).toEqual(plain);
      expect(read(scanByCsvParse, text)).toEqual(plain);
    }),
    { numRuns: 2000 },
  );
});

test('quoted texts are read as csv-parse reads them, and again alike', () => {
  fc.assert(
    fc.property(quotedTexts, (text) => {
      const quoted = read(scanQuoted, text);
      expect(quoted.again).toEqual(quoted.records);
      expect(quoted).toEqual(read(scanByCsvParse, text));
    }),
    { numRuns: 4000 },
  );
});

test.each([
  ['a closed field, and more behind it', '"a"b,"c" ,"d""e"f'],
  ['a zero byte behind the closing quote', '"a"\0b,""\0"c",1'],
  ['carriage returns behind a quote', '"a"\r,"b"\r\n"c"\r'],
  ['nothing but quotes', '""\n"""",""'],
  ['a quote behind an empty field', ',"",,"x'],
  ['an open quote in the last field', 'A,"1\n2'],
])('as csv-parse: %s', (_, latin1) => {
  const text = Buffer.from(`${HEADER}\n${latin1}`, 'latin1');
  expect(read(scanQuoted, text)).toEqual(read(scanByCsvParse, text));
});

test.each([
  ['nothing', ''],
  ['only a BOM', '\xef\xbb\xbf'],
  ['only line ends', '\r\n\n'],
  ['a header without a line end', HEADER],
  ['a lone \\r at the end', `${HEADER}\nA,1,1,1,1,1,1,1\r`],
  ['a header of 64 columns', `${HEADER}${',x'.repeat(56)}\nA,1,1,1,1,1,1,1${',1'.repeat(56)}\n`],
  [
    'a header of 65 columns',
    `${HEADER}${',x'.repeat(57)}\nA,1,1,1,1,1,1,1${',1'.repeat(57)}\nA,1,1,1,1,1,1,1${',1'.repeat(56)}\n`,
  ],
  ['the ticker in column 70', `${'x,'.repeat(69)}${HEADER}\n${'1,'.repeat(69)}A,1,1,1,1,1,1,1\n`],
  ['a record of 100,000 fields', `${HEADER}\nA${',1'.repeat(100_000)}\nB,1,1,1,1,1,1,1\n`],
])('alike: %s', (_, latin1) => {
  const text = Buffer.from(latin1, 'latin1');
  expect(read(scanQuoted, text)).toEqual(read(scanHeaps, text));
  expect(read(scanByCsvParse, text)).toEqual(read(scanHeaps, text));
});

test('alike: texts of many windows of the scanner, whatever stands at their edges', () => {
  const line = fc.constantFrom(
    'A,1,2,3,2.5,1,7,8',
    'BBB,10,1.0000,3,1,1,7,8\r',
    'C,1',
    '',
    '\r',
    '\r\r',
    ',,',
  );
  const lines = fc.array(line, { minLength: 1, maxLength: 9 });
  const long = fc.nat(300_000).map((length) => `D,1,${'9'.repeat(length)}`);
  const property = fc.property(
    lines,
    fc.nat(20_000),
    fc.option(long),
    fc.boolean(),
    (some, times, far, ends) => {
      const texts = [
        HEADER,
        ...Array.from({ length: times }, () => some).flat(),
        ...(far === null ? [] : [far]),
        ...some,
      ];
      const text = Buffer.from(texts.join('\n') + (ends ? '\n' : ''), 'latin1');
      const index = indexDay(text);
      const starts: number[] = [];
      scanQuoted(text, 0, (start, fields, columns) => {
        expect(index.verdicts[starts.length]).toBe(judge(fields, columns));
        starts.push(start);
      });
      expect([...index.starts.subarray(0, index.records)]).toEqual(starts);
      const tickers = starts.map((_, i) => tickerOf(index, i));
      expect(index.sorted).toBe(tickers.every((ticker, i) => i === 0 || (tickers[i - 1] ?? '') <= ticker));
    },
  );
  fc.assert(property, { numRuns: 20 });
});

test('a header of more columns than are kept is refused, not half understood', () => {
  const wide = Buffer.from(`${HEADER}${',x'.repeat(57)}\nA,1,1,1,1,1,1,1${',1'.repeat(57)}\n`);
  expect(() => indexDay(wide)).toThrow(HeaderError);
  expect(() => indexDay(wide)).toThrow(/65 columns/);
});

function allRows(text: Uint8Array): [string, string][] {
  const rows = takeRows(indexDay(text), '*', stocksDaily, '2024-01-02');
  return Array.from({ length: rowCount(rows) }, (_, i) => [rowTicker(rows, i), rowValues(rows, i)]);
}

test('a text and its twin with every field quoted hold the same bars', () => {
  const price = fc.constantFrom('1', '1.50', '2', '9.000000', '1e0', 'x', '', '0');
  const rows = fc.array(fc.tuple(tickers, price, price, price, price), { minLength: 1, maxLength: 20 });
  const quoted = (line: string): string =>
    line.replaceAll(/[^,]*/g, (field, at: number) =>
      field === '' && at > 0 && line[at - 1] !== ',' ? '' : `"${field}"`,
    );
  expect(quoted('a,,b,')).toBe('"a","","b",""');
  fc.assert(
    fc.property(rows, fc.constantFrom('\n', '\r\n'), (records, end) => {
      const lines = [
        HEADER,
        ...records.map(([ticker, o, c, h, l]) => `${ticker},10,${o},${c},${h},${l},1,1`),
      ];
      const plain = Buffer.from(lines.map((line) => line + end).join(''));
      const twin = Buffer.from(lines.map((line) => quoted(line) + end).join(''));
      expect(allRows(twin)).toEqual(allRows(plain));
      expect([...indexDay(twin).verdicts.subarray(0, records.length)]).toEqual([
        ...indexDay(plain).verdicts.subarray(0, records.length),
      ]);
    }),
  );
});

test('quoted fields hold commas, doubled quotes and line ends; a quote inside an unquoted field is data', () => {
  const header = 'ticker,volume,open,close,high,low,conditions';
  const text = Buffer.from(
    `${header}\r\n"A,B",1,2,2,2,2,"12,37"\r\n\r\n"C""D",1,2,2,2,2,"a\n\n""b""\r\n"\nE"F,1,2,2,2,2,\nG,1,2,2,2,2,"\xff"`,
    'latin1',
  );
  expect(allRows(text).map(([ticker]) => ticker)).toEqual(['A,B', 'C"D', 'E"F', 'G']);
  const index = indexDay(text);
  expect(index.records).toBe(4);
  const bytes = [...index.starts.subarray(0, 5)].map((start, i, starts) =>
    text.toString('latin1', start, starts[i + 1] ?? start),
  );
  expect(bytes.slice(0, 2)).toEqual([
    '"A,B",1,2,2,2,2,"12,37"\r\n\r\n',
    '"C""D",1,2,2,2,2,"a\n\n""b""\r\n"\n',
  ]);
  expect(text.toString('latin1', 0, index.headerEnd) + bytes.join('')).toBe(text.toString('latin1'));
});

test('a quote that is never closed is an error, not a short day', () => {
  expect(() => indexDay(Buffer.from(`${HEADER}\nA,1,1,1,1,1,1,1\n"B,1,1,1,1,1,1,1\n`))).toThrow(/[Qq]uote/);
});

test('a megabyte of zeros is read in no time', () => {
  const zeros = '0'.repeat(1 << 20);
  const text = Buffer.from(`${HEADER}\nA,1,1.${zeros}1,1.${zeros}1,2,1,1,1\n`);
  const started = performance.now();
  expect(allRows(text)).toEqual([['A', `1.${zeros}1,2,1,1.${zeros}1,1`]]);
  expect(performance.now() - started).toBeLessThan(5_000);
}, 10_000);
