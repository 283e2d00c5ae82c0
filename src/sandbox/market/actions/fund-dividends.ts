/**
 * Dividends of mutual funds, which trade on no exchange and stand in no day file: the older list has them.
 * For some days of some funds it has two records.
 */
import { type DayNumber, lastOfMonth, sessionBefore } from '#sandbox/market/day-number.js';
import { hashText, mix32 } from '#sandbox/market/hash.js';
import type { Listing } from '#sandbox/market/reference/securities.js';
import type { DividendRecord } from './dividend-records.js';

const FIRST_YEAR = 2010;
const SALT = 0xf4d;

/** `unlisted`: listings over the counter, of which a twelfth has a fund of about its name: `ABCDX`. */
export function fundDividends(unlisted: readonly Listing[], today: DayNumber): readonly DividendRecord[] {
  return unlisted.flatMap((one) => {
    const listing = { ...one, ticker: `${one.ticker.slice(0, 4)}X` };
    const seed = hashText(listing.ticker, SALT) >>> 0;
    return seed % 12 === 0 ? recordsOf(listing, seed, today) : [];
  });
}

function recordsOf(listing: Listing, seed: number, today: DayNumber): DividendRecord[] {
  const records: DividendRecord[] = [];
  for (let month = FIRST_YEAR * 12; ; month++) {
    const ex = sessionBefore(lastOfMonth(Math.floor(month / 12), (month % 12) + 1) + 1);
    if (ex > today) return records;
    const hash = mix32(seed + month) >>> 0;
    const cash = Number((0.02 + (hash % 500) / 10_000).toFixed(6));
    const record: DividendRecord = {
      ...{ listing, hash, ex, cash, currency: 'USD', frequency: 12, type: 'recurring' },
      ...{ declared: ex - 3, adjustedCash: cash, factor: 1 },
    };
    records.push(record);
    if (hash % 40 === 1) records.push({ ...record, hash: mix32(hash) >>> 0 });
  }
}
