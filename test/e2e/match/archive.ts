/**
 * A small archive and its lists in a work folder: hand-made, so that a test says in a line what is in a file.
 */
import { utimesSync } from 'node:fs';
import path from 'node:path';
import type { Ended, RunOptions, Workdir } from '../../support/workdir.js';

const HEADER = '<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\r\n';
export const PRICES_HEADER = 'ticker,per,date,time,open,high,low,close,volume,openint\n';

/** Rows of these days, as the archive has them. */
export function priceRows(ticker: string, days: readonly number[], close = 10): readonly string[] {
  return days.map((day) => `${ticker},D,${day},000000,${close},${close + 1},${close - 1},${close},100,0`);
}

export function priceText(ticker: string, days: readonly number[], close = 10): string {
  return days.length === 0
    ? ''
    : HEADER +
        priceRows(ticker, days, close)
          .map((line) => `${line}\r\n`)
          .join('');
}

const DAYS = [20240610, 20240611, 20240612, 20240613];

const FILES: Readonly<Record<string, string>> = {
  'd_us_txt/data/daily/us/nasdaq stocks/1/aapl.us.txt': priceText('AAPL.US', DAYS),
  'd_us_txt/data/daily/us/nasdaq stocks/2/msft.us.txt': priceText('MSFT.US', DAYS, 20),
  'd_us_txt/data/daily/us/nyse stocks/1/brk-b.us.txt': priceText('BRK-B.US', DAYS, 30),
  'd_us_txt/data/daily/us/nyse stocks/1/gone.us.txt': '',
  'd_uk_txt/data/daily/uk/lse stocks/wps.uk.txt': priceText('WPS.UK', DAYS, 40),
  'd_pl_txt/data/daily/pl/wse stocks/kgh.txt': priceText('KGH', DAYS, 50),
  'd_world_txt/data/daily/world/indices/^spx.txt': priceText('^SPX', DAYS, 60),
  'd_us_txt/20240613_d.txt': 'all symbols of a day',
  'd_us_txt/data/.hidden/nope.us.txt': 'x',
};

export const LISTS: Readonly<Record<string, string>> = {
  'a.csv':
    'symbol,isin,market,name,currency\nAAPL:US,US1,NASDAQ,"Apple, Inc.",USD\nBRK.B,US2,NYSE,Berkshire,USD\nWPS,GB1,LSE,W.A.G Plc. GBX,\n' +
    'PRX,NL1,AMS,Prosus,EUR\nGONE:US,US3,NYSE,Gone,USD\n',
  'b.csv': 'symbol;isin;market;name;currency\nKGH:PW;PL1;GPW-WWA;KGHM;PLN\nMSFT;US4;NSQ;Microsoft USD;\n',
};

export const ROOT = 'data/stooq';

/** Its paths are below the work folder's data folder, which is also the working directory of `match`. */
export async function makeArchive(work: Workdir): Promise<void> {
  for (const [file, text] of Object.entries(FILES)) await work.write(path.join(ROOT, file), text);
  for (const [file, text] of Object.entries(LISTS))
    await work.write(path.join('tradeable_instruments', file), text);
}

export function match(work: Workdir, args = '', options: RunOptions = {}): Promise<Ended> {
  return work.run(['match', ...args.split(' ').filter(Boolean)], { cwd: work.data, ...options });
}

export interface MatchDocument {
  readonly exit_code: number;
  readonly unchanged: boolean;
  readonly instruments: number;
  readonly matched: number;
  readonly work: Readonly<Record<string, number>> & { readonly outputs_written: readonly string[] };
  readonly problems: Readonly<
    Record<'folders' | 'lists' | 'sources', readonly Readonly<Record<string, unknown>>[]>
  >;
}

export async function matchJson(work: Workdir, args = '', options: RunOptions = {}): Promise<MatchDocument> {
  const { stdout, stderr } = await match(work, `${args} --json`, options);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as MatchDocument;
}

/** What a run did. */
export async function workOf(
  work: Workdir,
  args = '',
  options: RunOptions = {},
): Promise<MatchDocument['work']> {
  const document = await matchJson(work, args, options);
  if (document.exit_code !== 0) throw new Error(JSON.stringify(document));
  return document.work;
}

/** A later modification time, and nothing else. */
export function touch(file: string): void {
  utimesSync(file, new Date(), new Date(Date.now() + 5000));
}
