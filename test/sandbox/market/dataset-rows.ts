/** Days of any of the sandbox's datasets, read with csv-parse as a stranger would. */
import { parse } from 'csv-parse/sync';
import { sandboxDatasets } from '#sandbox/market/datasets.js';
import { dayText, type Generator } from '#sandbox/market/generator.js';

export type Row = Readonly<Record<string, string>>;

const markets = new Map<number, readonly Generator[]>();

/** The datasets of a market of 1,000 stocks, with so many days at true size. */
export function datasets(trueDays = 0, trueRows = 200_000): readonly Generator[] {
  const known = markets.get(trueDays);
  if (known !== undefined) return known;
  const now = new Date('2026-11-20T17:00:00Z');
  const made = sandboxDatasets({ seed: 1, tickers: 1000, now, trueDays, trueRows });
  markets.set(trueDays, made);
  return made;
}

export function dataset(name: string): Generator {
  const found = datasets().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no dataset ${name}`);
  return found;
}

export function csvOf(name: string, day: string, revision = 0): { columns: string; rows: readonly Row[] } {
  const text = dayText(dataset(name), day, revision).toString('latin1');
  if (!text.endsWith('\n') || text.includes('\r')) throw new Error(`${name} ${day} ends its lines oddly`);
  return {
    columns: text.slice(0, text.indexOf('\n')),
    rows: parse(text, { columns: true, relax_column_count: false }) as Row[],
  };
}

export function byTicker(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const { ticker = '' } = row;
    const list = found.get(ticker);
    if (list === undefined) found.set(ticker, [row]);
    else list.push(row);
  }
  return found;
}

/** The exact decimal in millionths; NaN-free or thrown. */
export function millionths(text: string | undefined): bigint {
  const [, whole = '', part = ''] = /^(\d+)(?:\.(\d{1,6}))?$/.exec(text ?? '') ?? [];
  if (whole === '') throw new Error(`${text} is no decimal`);
  return BigInt(whole) * 1_000_000n + BigInt(part.padEnd(6, '0'));
}

/**
 * Nanoseconds of midnight on the wall clock of a day whose clocks do not change between midnight and four.
 */
export function midnightOf(day: string, timeZone: 'UTC' | 'America/New_York'): bigint {
  const noon = new Date(`${day}T17:00:00Z`);
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit' });
  const hours = 17 - (timeZone === 'UTC' ? 17 : Number(format.format(noon)));
  return BigInt(Date.parse(`${day}T00:00:00Z`) + hours * 3_600_000) * 1_000_000n;
}
