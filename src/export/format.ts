/**
 * Rows as other programs read them, a row of one ticker and one day each. CSV: `Ticker,Date,Open,High,Low,Close,Volume`, also for a single
 * ticker, so that a program meets one shape. json: an array of objects, ndjson: an object a line, with the same names in lower case.
 * Numbers are the series' own digits and never go through a float.
 */
import { dayBars, seriesColumns } from '../flatfile/series-form.js';
import type { Row } from '../series/row.js';

export const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type FormatName = (typeof FORMATS)[number];

/** Text in the order of the calls: `begin`, `rows` for each ticker, `end`. */
export interface Format {
  begin(): string;
  rows(ticker: string, rows: readonly Row[]): string;
  end(): string;
}

/** A new one, to be used once. */
export async function formatOf(name: FormatName): Promise<Format> {
  if (name === 'csv') return csv();
  return name === 'json' ? json() : ndjson();
}

async function csv(): Promise<Format> {
  const { stringify } = await import('csv-stringify/sync');
  return {
    begin: () => stringify([['Ticker', ...COLUMNS]]),
    rows: (ticker, rows) => stringify(rows.map(({ day, values }) => [ticker, day, ...values.split(',')])),
    end: () => '',
  };
}

function json(): Format {
  let isFirst = true;
  return {
    begin: () => '[',
    rows: (ticker, rows) => {
      let text = '';
      for (const object of objectsOf(ticker, rows)) {
        text += `${isFirst ? '' : ','}\n${object}`;
        isFirst = false;
      }
      return text;
    },
    end: () => '\n]\n',
  };
}

function ndjson(): Format {
  return {
    begin: () => '',
    rows: (ticker, rows) => {
      let text = '';
      for (const object of objectsOf(ticker, rows)) text += `${object}\n`;
      return text;
    },
    end: () => '',
  };
}

function* objectsOf(ticker: string, rows: readonly Row[]): Generator<string> {
  const name = JSON.stringify(ticker);
  for (const { day, values } of rows) {
    const fields = values.split(',').map((text, i) => `"${FIELDS[i]}":${jsonValue(text)}`);
    yield `{"ticker":${name},"date":"${day}",${fields.join(',')}}`;
  }
}

const COLUMNS = seriesColumns(dayBars);
const FIELDS = COLUMNS.slice(1).map((column) => column.toLowerCase());

/** A plain number is a JSON number as it stands, whatever its length. What a user wrote otherwise (`NaN`) stays text, and nothing is null. */
function jsonValue(text: string): string {
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return text;
  return text === '' ? 'null' : JSON.stringify(text);
}
