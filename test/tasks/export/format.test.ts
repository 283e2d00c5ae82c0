/** Whatever a series holds comes back from each format as it was, digit by digit. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FormatName, formatOf } from '#tasks/export/format.js';
import type { Line } from '#tasks/export/line.js';
import { days } from '../../support/bars.js';

const value = fc.oneof(
  { weight: 4, arbitrary: fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String) },
  { weight: 4, arbitrary: fc.double({ min: 0.0001, max: 1e6, noNaN: true }).map((n) => n.toFixed(6)) },
  fc.constantFrom(
    '',
    'NaN',
    'nan',
    '-1.5',
    '1e5',
    '0',
    '00',
    '.5',
    '5.',
    '-',
    'null',
    "it's",
    '+1',
    '9'.repeat(400),
  ),
  fc.string({ maxLength: 8 }).filter((text) => !/[",\r\n]/.test(text) && text.trim() === text),
);
const ticker = fc.oneof(
  fc.constantFrom('AAPL', 'BApA', 'NA', 'TRUE', '1E5', 'A,B', 'A"B', 'A\nB', 'A\u001b[31m', '='),
  fc.string({ minLength: 1 }),
);
const series = fc
  .tuple(days, fc.array(fc.tuple(value, value, value, value, value), { minLength: 1, maxLength: 20 }))
  .map(([on, values]) =>
    on.slice(0, 30).map((stamp, i): Line => ({ stamp, values: (values[i % values.length] ?? []).join(',') })),
  );
const histories = fc.array(fc.tuple(ticker, fc.oneof(series, fc.constant([] as Line[]))), { maxLength: 4 });

type Histories = readonly (readonly [ticker: string, lines: readonly Line[]])[];

async function textOf(name: FormatName, all: Histories, columns = COLUMNS): Promise<string> {
  const format = await formatOf(name, columns);
  return format.begin() + all.map(([one, lines]) => format.lines(one, lines)).join('') + format.end();
}

function flat(all: Histories): readonly (readonly string[])[] {
  return all.flatMap(([one, lines]) => lines.map(({ stamp, values }) => [one, stamp, ...values.split(',')]));
}

const COLUMNS: readonly string[] = ['Date', 'Open', 'High', 'Low', 'Close', 'Volume'];

/** JSON with its numbers as the text that they are, so that no float comes between. */
function exactly(json: string): unknown {
  const quoted = json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
  return JSON.parse(quoted);
}

const NAMES = ['ticker', 'date', 'open', 'high', 'low', 'close', 'volume'];

function cellsOf(object: unknown): readonly string[] {
  expect(Object.keys(object as object)).toEqual(NAMES);
  return Object.values(object as Readonly<Record<string, string | null>>).map((cell) => cell ?? '');
}

describe('round trips', () => {
  it('csv: a header, always with the ticker, and every cell', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (all) => {
        const [header, ...cells] = parse(await textOf('csv', all), {
          relax_column_count: true,
        }) as string[][];
        expect(header).toEqual(['Ticker', 'Date', 'Open', 'High', 'Low', 'Close', 'Volume']);
        expect(cells).toEqual(flat(all));
      }),
    );
  });

  it('json: an array of objects that any parser reads', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (all) => {
        const text = await textOf('json', all);
        expect((JSON.parse(text) as unknown[]).length).toBe(flat(all).length);
        expect((exactly(text) as unknown[]).map(cellsOf)).toEqual(flat(all));
      }),
    );
  });

  it('ndjson: an object a line', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (all) => {
        const lines = (await textOf('ndjson', all)).split('\n');
        expect(lines.pop()).toBe('');
        for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
        expect(lines.map(exactly).map(cellsOf)).toEqual(flat(all));
      }),
    );
  });

  it('what is a number is one, what is none is text, and nothing is null', async () => {
    const rows = [{ stamp: '2024-06-12', values: '33278552.153126,NaN,,1e5,9007199254740993' }];
    expect(await textOf('ndjson', [['AAPL', rows]])).toBe(
      '{"ticker":"AAPL","date":"2024-06-12","open":33278552.153126,"high":"NaN","low":null,"close":"1e5","volume":9007199254740993}\n',
    );
    expect(await textOf('csv', [['A,B', rows]])).toBe(
      'Ticker,Date,Open,High,Low,Close,Volume\n"A,B",2024-06-12,33278552.153126,NaN,,1e5,9007199254740993\n',
    );
  });

  it('other columns keep their names, and a list stays one cell', async () => {
    const columns = ['Datetime', 'price', 'size', 'conditions'];
    const lines = [
      { stamp: '2024-01-02 09:30:00.000000001-05:00', values: ',100,"12,37"' },
      { stamp: '2024-01-02 09:30:00.000000001-05:00', values: '187.15,1.5,"a ""b"""' },
    ];
    expect(await textOf('csv', [['AAPL', lines]], columns)).toBe(
      'Ticker,Datetime,price,size,conditions\n' +
        lines.map(({ stamp, values }) => `AAPL,${stamp},${values}\n`).join(''),
    );
    expect(await textOf('ndjson', [['AAPL', lines.slice(0, 1)]], columns)).toBe(
      '{"ticker":"AAPL","datetime":"2024-01-02 09:30:00.000000001-05:00","price":null,"size":100,"conditions":"12,37"}\n',
    );
  });
});
