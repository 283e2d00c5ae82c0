/**
 * The splits that the vendor lists: those that are in the day files' prices, those from before the first day
 * file, and announcements that were taken back or moved before their day came.
 */
import { type DayNumber, numberOfDay, numberOfWeekday, sessionFrom } from '#sandbox/market/day-number.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import type { Listing, Securities } from '#sandbox/market/reference/securities.js';
import { isEquity } from '#sandbox/market/reference/security-types.js';
import type { Universe } from '#sandbox/market/universe.js';

export interface SplitRecord {
  readonly listing: Listing;
  /** Tells a listing's records apart, whatever becomes of their days. */
  readonly number: number;
  readonly day: DayNumber;
  /** New shares for old ones. */
  readonly after: number;
  readonly before: number;
  /** Whether prices show it. An announcement that was taken back never comes to that. */
  readonly happens: boolean;
}

const FIRST_FILE = numberOfDay('2003-09-10');
const EARLIEST = numberOfDay('1984-01-03');
/** How long before its day a split is announced. */
const ANNOUNCED_DAYS = 30;
const OLD_RATIOS = [
  [2, 1],
  [3, 2],
  [2, 1],
  [5, 4],
  [3, 1],
  [1, 5],
  [11, 10],
] as const;

export interface SplitRecords {
  /** What the vendor lists of a listing on a day, ascending. */
  of(listing: Listing, today: DayNumber): readonly SplitRecord[];
  /** Old shares for new ones over the splits behind `from` and up to `to`. */
  ratio(listing: Listing, from: DayNumber, to: DayNumber): number;
}

export function createSplitRecords(universe: Universe, securities: Securities): SplitRecords {
  const traded = new Map<number, SplitRecord[]>();
  const byRow = new Map(securities.listings.map((listing) => [listing.row, listing]));
  for (const { row, from, after, before } of universe.splits) {
    const listing = byRow.get(row);
    if (listing === undefined) continue;
    const records = traded.get(row) ?? [];
    records.push({
      listing,
      number: 100 + records.length,
      day: numberOfWeekday(from),
      after,
      before,
      happens: true,
    });
    traded.set(
      row,
      records.sort((a, b) => a.day - b.day),
    );
  }

  return {
    of(listing, today) {
      const happened = (traded.get(listing.row) ?? []).map((record) => asKnown(record, today));
      return [...oldSplits(listing), ...happened, ...takenBack(listing, today)].filter(
        (record) => record.day - announcedDays(record) <= today && !isLate(record, today),
      );
    },
    ratio(listing, from, to) {
      let ratio = 1;
      for (const { day, before, after } of traded.get(listing.row) ?? [])
        if (day > from && day <= to) ratio *= before / after;
      return ratio;
    },
  };
}

function hashOf({ listing, number }: Pick<SplitRecord, 'listing' | 'number'>): number {
  return mix32(listing.security.seed + Math.imul(number, GOLDEN)) >>> 0;
}

/** Between two and five weeks. */
function announcedDays(record: SplitRecord): number {
  return ANNOUNCED_DAYS - (hashOf(record) % 16);
}

/** One in forty is listed only days after it happened. */
function isLate(record: SplitRecord, today: DayNumber): boolean {
  return record.happens && hashOf(record) % 40 === 7 && today < record.day + 12;
}

/** One in three of those to come was announced for an earlier day, until twelve days before. */
function asKnown(record: SplitRecord, today: DayNumber): SplitRecord {
  if (hashOf(record) % 3 !== 0 || today > record.day - 12) return record;
  return { ...record, day: sessionFrom(record.day - 6) };
}

/** Before the first day file, which those who are listed longest have behind them. */
function oldSplits(listing: Listing): SplitRecord[] {
  const { security } = listing;
  if (!isEquity(security.type) || listing.first >= FIRST_FILE || security.seed % 2 !== 0) return [];
  const count = 1 + ((security.seed >>> 3) & 3);
  return Array.from({ length: count }, (_, number) => {
    const hash = hashOf({ listing, number });
    const span = FIRST_FILE - EARLIEST - 60;
    const day = EARLIEST + Math.floor((number * span) / count) + (hash % Math.floor(span / count - 10));
    const [after, before] = OLD_RATIOS[(hash >>> 8) % OLD_RATIOS.length] ?? [2, 1];
    return { listing, number, day: sessionFrom(day), after, before, happens: true };
  });
}

/** Announced, and gone from the list a week before its day: one in ninety equities a year. */
function takenBack(listing: Listing, today: DayNumber): SplitRecord[] {
  if (!isEquity(listing.security.type)) return [];
  const year = Math.floor((today + 20) / 365);
  const number = 1000 + year;
  const hash = hashOf({ listing, number });
  const day = sessionFrom(year * 365 + ((hash >>> 8) % 340));
  if (hash % 90 !== 1 || today >= day - 7 || day > (listing.last ?? Number.POSITIVE_INFINITY)) return [];
  return [{ listing, number, day, after: 1, before: 4 + ((hash >>> 20) % 30), happens: false }];
}
