/** What the benchmark and its processes agree on: the instant, the days and where their objects stand. */
import { readdirSync } from 'node:fs';
import { nyse } from '#market/calendar/nyse.js';
import { SANDBOX_TICKERS } from '#sandbox/market/ticker-list.js';

export const LAST_DAY = '2026-11-19';
/** An hour after that day's file is due. */
export const NOW = '2026-11-20T17:00:00Z';
export const BUCKET = 'flatfiles';
export const PREFIX = 'us_stocks_sip/day_aggs_v1';
export const TRACKED = SANDBOX_TICKERS;
/** Tracked in none of the lists, traded every day: one for each question to the archive. */
export const NEW_TICKERS = { full: 'CSCO', settled: 'MA', add: ['CRM', 'GS', 'MCD'] };

/** The last `count` sessions up to LAST_DAY, ascending. */
export function lastSessions(count) {
  const sessions = nyse.sessions('2003-09-10', LAST_DAY);
  if (count > sessions.length) throw new RangeError(`at most ${sessions.length} days`);
  return sessions.slice(-count);
}

export function keyOf(day) {
  return `${PREFIX}/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;
}

/** The days that stand as `YYYY-MM-DD.csv.gz` in a folder, ascending. */
export function daysIn(folder) {
  return readdirSync(folder)
    .filter((name) => /^\d{4}-\d\d-\d\d\.csv\.gz$/.test(name))
    .map((name) => name.slice(0, 10))
    .sort();
}
