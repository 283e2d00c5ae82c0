/**
 * Short interest (twice a month, known some days later, revised now and then) and short volume (of each
 * session, off exchange), by listing. A record is a number: which date, and which listing.
 */
import {
  type DayNumber,
  dayOfNumber,
  isSessionNumber,
  lastOfMonth,
  numberOfDay,
  sessionBefore,
  sessionFrom,
  weekdayOfNumber,
} from '#sandbox/market/day-number.js';
import { exp2 } from '#sandbox/market/exp2.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import type { Listing } from '#sandbox/market/reference/securities.js';
import type { Universe } from '#sandbox/market/universe.js';

const FIRST_SETTLEMENT = numberOfDay('2017-12-29');
const FIRST_VOLUME = numberOfDay('2024-02-06');
/** Sessions from the settlement to the publication. */
const PUBLISHED_AFTER = 8;
const REVISED_AFTER_DAYS = 25;

/** The middles and the ends of months, each on or before a session, up to those that are published. */
export function settlementDates(
  window: { readonly from: DayNumber; readonly to: DayNumber },
  today: DayNumber,
): readonly DayNumber[] {
  const dates: DayNumber[] = [];
  const from = Math.max(window.from, FIRST_SETTLEMENT);
  const first = dayOfNumber(from);
  for (let month = Number(first.slice(0, 4)) * 12 + Number(first.slice(5, 7)) - 1; ; month++) {
    const [year, number] = [Math.floor(month / 12), (month % 12) + 1];
    const end = lastOfMonth(year, number);
    for (const date of [lastOfMonth(year, number - 1) + 15, end].map((day) => sessionBefore(day + 1))) {
      if (date < from || date > window.to || publishedOn(date) > today) continue;
      dates.push(date);
    }
    if (end > Math.min(window.to, today)) return dates;
  }
}

function publishedOn(settlement: DayNumber): DayNumber {
  let day = settlement;
  for (let session = 0; session < PUBLISHED_AFTER; session++) day = sessionFrom(day + 1);
  return day;
}

/** Sessions whose reports are there: those before today. */
export function volumeDates(
  window: { readonly from: DayNumber; readonly to: DayNumber },
  today: DayNumber,
): readonly DayNumber[] {
  const dates: DayNumber[] = [];
  for (let day = Math.max(window.from, FIRST_VOLUME); day <= Math.min(window.to, today - 1); day++)
    if (isSessionNumber(day)) dates.push(day);
  return dates;
}

export interface ShortInterest {
  readonly shares: number;
  readonly averageVolume: number;
  readonly daysToCover: number;
}

export function shortInterest(
  universe: Universe,
  listing: Listing,
  settlement: DayNumber,
  today: DayNumber,
): ShortInterest {
  const hash = mix32(listing.security.seed + Math.imul(settlement, GOLDEN)) >>> 0;
  const volume = exp2(universe.volumeLog[listing.row] ?? 0);
  const averageVolume = hash % 97 === 0 ? 0 : Math.max(1, Math.round(volume * (0.6 + (hash % 800) / 1000)));
  const own = mix32(listing.security.seed) >>> 0;
  const first = Math.round(volume * (0.2 + (own % 900) / 100) * (0.9 + ((hash >>> 10) % 200) / 1000));
  const revised = hash % 60 === 5 && today >= publishedOn(settlement) + REVISED_AFTER_DAYS;
  const shares = revised ? Math.round(first * 1.08) : first;
  const days = averageVolume === 0 ? 999.99 : shares / averageVolume;
  return { shares, averageVolume, daysToCover: Number(Math.max(1, days).toFixed(2)) };
}

/** Whether it traded at all that day, as the day files have it. */
export function trades(universe: Universe, { row }: Listing, day: DayNumber): boolean {
  const chance = mix32((universe.seed[row] ?? 0) + Math.imul(weekdayOfNumber(day), GOLDEN)) & 255;
  return chance < (universe.tradeChance[row] ?? 0);
}

export interface ShortVolume {
  readonly total: number;
  readonly short: number;
  readonly exempt: number;
  /** Of NYSE's, Nasdaq's in Carteret and in Chicago, and FINRA's own facility. */
  readonly byFacility: readonly { readonly short: number; readonly exempt: number }[];
}

/** Less than what the day file says was traded on all venues. */
export function shortVolume(universe: Universe, listing: Listing, day: DayNumber): ShortVolume {
  const hash = mix32(listing.security.seed ^ Math.imul(day, GOLDEN)) >>> 0;
  const total = Math.max(
    1,
    Math.floor(exp2(universe.volumeLog[listing.row] ?? 0) * (0.12 + (hash % 120) / 1000)),
  );
  const short = Math.floor(total * (0.25 + ((hash >>> 8) % 450) / 1000));
  const exempt = Math.floor(short * (((hash >>> 17) % 20) / 1000));
  const shares = [0.2, 0.7, 0.02].map((part) => ({
    short: Math.floor(short * part),
    exempt: Math.floor(exempt * part),
  }));
  const rest = shares.reduce(
    (left, part) => ({ short: left.short - part.short, exempt: left.exempt - part.exempt }),
    { short, exempt },
  );
  return { total, short, exempt, byFacility: [...shares, rest] };
}
