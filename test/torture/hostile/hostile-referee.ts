/**
 * What a day file holds by a second reading that shares nothing with barloom's: csv-parse over the whole
 * text, numbers as exact integers. And day files to begin with, with ways to spoil them.
 */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { stocksDaily } from '#market/datasets/all.js';
import { indexDay } from '#market/records/day-index.js';
import { takeRows } from '#market/records/take-rows.js';
import { rowCount, rowTicker, rowValues, type TakenRows } from '#market/records/taken-rows.js';

/** Series values by ticker, or that it is no day file. */
export type Rows = ReadonlyMap<string, string> | 'refused';

const WANTED = ['ticker', 'open', 'high', 'low', 'close', 'volume'];
const MOST_COLUMNS = 64;

export function refereeRows(text: Buffer): Rows {
  const bom = text.subarray(0, 3).equals(Buffer.from('\ufeff')) ? 3 : 0;
  let records: string[][];
  try {
    records = parse(text.subarray(bom), {
      encoding: 'latin1',
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      record_delimiter: ['\n', '\r\n'],
    });
  } catch {
    return 'refused';
  }
  const [titles = [], ...others] = records;
  const header = titles.map((title) => title.toLowerCase());
  if (header.length > MOST_COLUMNS) return 'refused';
  if (WANTED.some((name) => header.filter((one) => one === name).length !== 1)) return 'refused';
  const [ticker = 0, ...numbers] = WANTED.map((name) => header.indexOf(name));
  const rows = new Map<string, string>();
  for (const record of others) {
    if (record.length !== header.length) continue;
    const name = utf8Of(record[ticker] ?? '');
    const values = numbers.map((column) => exactly(record[column] ?? ''));
    if (name === undefined || name === '' || /\p{Cc}/u.test(name) || values.includes(undefined)) continue;
    const [open, high, low, close] = values as bigint[];
    if (open === undefined || high === undefined || low === undefined || close === undefined) continue;
    if (low <= 0n || high < low || open < low || close < low || open > high || close > high) continue;
    rows.set(name, (values as bigint[]).map(decimal).join(','));
  }
  return rows;
}

function utf8Of(latin1: string): string | undefined {
  const bytes = Buffer.from(latin1, 'latin1');
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}

/** In units of 10^-PLACES: more places than any number of these tests has. */
const PLACES = 1000;

function exactly(text: string): bigint | undefined {
  const found = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
  const [, whole = '', fraction = '', exponent = '0'] = found ?? [];
  if (found === null || whole + fraction === '' || Math.abs(Number(exponent)) > 40) return undefined;
  return BigInt(whole + fraction) * 10n ** BigInt(PLACES - fraction.length + Number(exponent));
}

function decimal(value: bigint): string {
  const digits = value.toString().padStart(PLACES + 1, '0');
  const fraction = digits.slice(-PLACES).replace(/0+$/, '');
  return digits.slice(0, -PLACES) + (fraction === '' ? '' : `.${fraction}`);
}

export function ownRows(text: Buffer): Rows {
  try {
    return rowsOf(takeRows(indexDay(text), '*', stocksDaily, '2024-01-02'));
  } catch (error) {
    const { name, code } = error as { name?: string; code?: unknown };
    if (name === 'HeaderError' || String(code).startsWith('CSV_')) return 'refused';
    throw error;
  }
}

/** A ticker that comes twice is told: there is one row of each. */
export function rowsOf(taken: TakenRows): ReadonlyMap<string, string> {
  const rows = new Map<string, string>();
  for (let i = 0; i < rowCount(taken); i++) {
    if (rows.has(rowTicker(taken, i))) throw new Error('a ticker has two rows');
    rows.set(rowTicker(taken, i), rowValues(taken, i));
  }
  return rows;
}

/** Short: the first difference and how many rows there are, or undefined where they are the same. */
export function difference(own: Rows, referee: Rows): string | undefined {
  if (own === 'refused' || referee === 'refused') {
    return own === referee ? undefined : `${own === 'refused' ? 'we refuse' : 'the referee refuses'} it`;
  }
  for (const ticker of new Set([...own.keys(), ...referee.keys()])) {
    const [ours, theirs] = [own.get(ticker), referee.get(ticker)];
    if (ours !== theirs) {
      const shown = [ticker, ours, theirs].map((one) => JSON.stringify(one?.slice(0, 80)));
      return `${shown.join(': ')} (of ${own.size} and ${referee.size} rows)`;
    }
  }
  return undefined;
}

const HEADER = 'ticker,volume,open,close,high,low,window_start,transactions';
const PLAIN = `${HEADER}\nA,1942872,147.09,149.31,149.64,147.09,1709787600000000000,37404\nAAPL,33278552.153126,333.260000,333.690000,334.540000,330.610000,1790913600000000000,628334\nBApA,0,0.0055,0.0055,0.0055,0.0055,1709787600000000000,\nBRK.B,100,1,2,3,0.5,1709787600000000000,1\n`;
const QUOTED = `"ticker","volume","open","close","high","low","conditions"\n"A,B",1,2,2,2,2,"12,37"\nC,5,1,2,9,1,"a\n\n""b""\r\n"\n"D""E",1,2,2,2,2,\nF"G,1,2,2,2,2,x\n`;

/** What mutation begins with, Latin-1. */
export const CORPUS: readonly string[] = [
  PLAIN,
  QUOTED,
  PLAIN.replaceAll('\n', '\r\n'),
  PLAIN.replaceAll('\n', '\r'),
  `\xef\xbb\xbf${PLAIN}`,
  `\n\r\n${PLAIN.replaceAll('\n', '\n\n')}`,
  PLAIN.slice(0, -1),
  PLAIN + PLAIN,
  'low,high,close,open,extra,volume,ticker\n1,9,2,3,x,5,A\n1,9,2,3,x,5,A\n1,9,4,3,x,5,AA\n',
  'ticker,low,high,close,open,volume\r\nA,1,9,2,3,5\r\nB,1,9,2,3,5\r\r\nC,1,9,2,3,5\r',
  'open,low,high,close,volume,ticker\r\n3,1,9,2,5,A\r\n3,1,9,2,5,B\r\n',
  `${HEADER},open\nA,1,2,2,2,2,1,1,3\n`,
  `ticker,open,close\nA,1,2\n`,
  `${HEADER}\n`,
  HEADER,
  '',
  '\xef\xbb\xbf',
  '\0',
  `${HEADER}\nZ,1,1,1,1,1,1,1\nA,1,1,1,1,1,1,1\nA,2,1,1,1,1,1,1\nA,x,1,1,1,1,1,1\n`,
  Buffer.from(`\ufeff${PLAIN}`, 'utf16le').toString('latin1'),
  `${HEADER}\n${'A,1,1,1,1,1,1,1\n'.repeat(40)}`,
];

/** What files are broken with. */
const TOKENS: readonly string[] = [
  '"', '""', '",', ',"', '"\n', '\n', '\r', '\r\n', '\n\n', ',', ',,', '\0', '\xff', '\xc3\xa9', '\xef\xbb\xbf', `${HEADER}\n`, 'ticker', 'open',
  'NaN', 'Infinity', '-1', '-0', '+1', '0', '0x10', '1_000', '1e5', '1E-5', '1e40', '1e41', '.5', '5.', '007', ' ', '\t', '9'.repeat(400),
  `0.${'0'.repeat(399)}1`, '__proto__', 'constructor', '../..', '\\', '\x1b[2J', '\xe2\x80\xae', ','.repeat(70), 'x'.repeat(5000), 'A,1,1,1,1,1,1,1\n', '"A,1",1,1,1,1,1,1,1\n',
]; // biome-ignore format: a list

interface Change {
  readonly kind: 'flip' | 'insert' | 'delete' | 'repeat' | 'cut' | 'splice' | 'replace';
  readonly at: number;
  readonly size: number;
  readonly by: number;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(
    'flip',
    'insert',
    'insert',
    'delete',
    'repeat',
    'cut',
    'splice',
    'replace',
    'replace',
  ),
  at: fc.nat(),
  size: fc.nat(60),
  by: fc.nat(),
});

function changed(text: Buffer, { kind, at, size, by }: Change): Buffer {
  const from = at % (text.length + 1);
  const to = Math.min(text.length, from + size);
  const token = Buffer.from(TOKENS[by % TOKENS.length] ?? '', 'latin1');
  const other = Buffer.from(CORPUS[by % CORPUS.length] ?? '', 'latin1');
  const joined = (...parts: readonly Uint8Array[]): Buffer =>
    Buffer.concat([text.subarray(0, from), ...parts]);
  switch (kind) {
    case 'flip': {
      const copy = Buffer.from(text);
      if (from < copy.length) copy[from] = (copy[from] ?? 0) ^ (1 + (by % 255));
      return copy;
    }
    case 'insert':
      return joined(token, text.subarray(from));
    case 'delete':
      return joined(text.subarray(to));
    case 'repeat':
      return joined(text.subarray(from, to), text.subarray(from, to), text.subarray(from));
    case 'cut':
      return joined();
    case 'splice':
      return joined(other.subarray(by % (other.length + 1)));
    case 'replace': {
      // A whole field: what is between two commas or line ends.
      const begin = Math.max(text.lastIndexOf(44, from - 1), text.lastIndexOf(10, from - 1)) + 1;
      const ends = [text.indexOf(44, from), text.indexOf(10, from)].filter((end) => end >= 0);
      return Buffer.concat([text.subarray(0, begin), token, text.subarray(Math.min(text.length, ...ends))]);
    }
  }
}

export const hostileTexts: fc.Arbitrary<Buffer> = fc
  .tuple(fc.constantFrom(...CORPUS), fc.array(change, { maxLength: 6 }))
  .map(([text, changes]) => changes.reduce(changed, Buffer.from(text, 'latin1')));
