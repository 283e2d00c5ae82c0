/**
 * Lines as other programs read them, each with its ticker in front. CSV:
 * `Ticker,Date,Open,High,Low,Close,Volume`, also for a single ticker, so that a program meets one shape.
 * json: an array of objects, ndjson: an object a line, with the same names in lower case. Numbers are the
 * series' own digits and never go through a float.
 */
import type { Line } from './line.js';

export const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type FormatName = (typeof FORMATS)[number];

/** Text in the order of the calls: `begin`, `lines` for each ticker, or for each of its portions, `end`. */
export interface Format {
  begin(): string;
  lines(ticker: string, lines: readonly Line[]): string;
  end(): string;
}

/** A new one, to be used once. `columns`: what a line's stamp and values are called. For a table with a column a ticker, wide.ts. */
export async function formatOf(name: FormatName, columns: readonly string[]): Promise<Format> {
  if (name === 'csv') return csv(columns);
  const objectOf = objectWriter(columns);
  return name === 'json' ? json(objectOf) : ndjson(objectOf);
}

async function csv(columns: readonly string[]): Promise<Format> {
  const { stringify } = await import('csv-stringify/sync');
  return {
    begin: () => stringify([['Ticker', ...columns]]),
    lines: (ticker, lines) => {
      const begin = stringify([[ticker, '']]).trimEnd();
      let text = '';
      for (const { stamp, values } of lines) {
        text += AS_THEY_ARE.test(values)
          ? `${begin}${stamp},${values}\n`
          : stringify([[ticker, stamp, ...cellsOf(values)]]);
      }
      return text;
    },
    end: () => '',
  };
}

/**
 * Cells that csv-stringify would write no other way: quoted where they hold a comma, and plain where they
 * hold nothing that asks for quotes.
 */
const AS_THEY_ARE = /^(?:"[^"\r\n]*,[^"\r\n]*"|[^",\r\n]*)(?:,(?:"[^"\r\n]*,[^"\r\n]*"|[^",\r\n]*))*$/;

type ObjectWriter = (ticker: string, line: Line) => string;

function json(objectOf: ObjectWriter): Format {
  let isFirst = true;
  return {
    begin: () => '[',
    lines: (ticker, lines) => {
      let text = '';
      for (const line of lines) {
        text += `${isFirst ? '' : ','}\n${objectOf(ticker, line)}`;
        isFirst = false;
      }
      return text;
    },
    end: () => '\n]\n',
  };
}

function ndjson(objectOf: ObjectWriter): Format {
  return {
    begin: () => '',
    lines: (ticker, lines) => {
      let text = '';
      for (const line of lines) text += `${objectOf(ticker, line)}\n`;
      return text;
    },
    end: () => '',
  };
}

function objectWriter(columns: readonly string[]): ObjectWriter {
  const [stampName = '', ...names] = columns.map((column) => JSON.stringify(column.toLowerCase()));
  return (ticker, { stamp, values }) => {
    const fields = cellsOf(values).map((text, i) => `${names[i]}:${jsonValue(text)}`);
    return `{"ticker":${JSON.stringify(ticker)},${stampName}:${JSON.stringify(stamp)},${fields.join(',')}}`;
  };
}

/** The cells of a line, of which one that holds a comma is quoted (`"12,37"`). */
export function cellsOf(values: string): readonly string[] {
  if (!values.includes('"')) return values.split(',');
  const cells = `,${values}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return Array.from(cells, ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain);
}

/**
 * A plain number is a JSON number as it stands, whatever its length. What a user wrote otherwise (`NaN`)
 * stays text, and nothing is null.
 */
export function jsonValue(text: string): string {
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return text;
  return text === '' ? 'null' : JSON.stringify(text);
}
