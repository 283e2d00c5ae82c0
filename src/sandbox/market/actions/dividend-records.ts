/**
 * The dividends that the vendor lists, with factors that are reckoned from the closes of the day files. What
 * is special lies on days on which the market fell by more than that anyway. A few are edited, come late,
 * or are taken back before their day.
 */
import type { Closes } from '#sandbox/market/closes.js';
import { type DayNumber, lastOfMonth, sessionFrom, yearOfNumber } from '#sandbox/market/day-number.js';
import { GOLDEN, mix32 } from '#sandbox/market/hash.js';
import type { Listing } from '#sandbox/market/reference/securities.js';
import { exDates, type Payer, payerOf } from './dividend-schedule.js';
import type { SplitRecords } from './split-records.js';

export type DistributionType = 'recurring' | 'special' | 'supplemental' | 'irregular' | 'unknown';

export interface DividendRecord {
  readonly listing: Listing;
  /** The same for a record that is edited, whatever it says. */
  readonly hash: number;
  readonly ex: DayNumber;
  /** Dollars a share, as declared; a misprint for the first days of some. */
  readonly cash: number;
  readonly currency: string;
  readonly frequency: number;
  readonly type: DistributionType;
  readonly declared: DayNumber;
  /** On the share basis of `today`. */
  readonly adjustedCash: number;
  /** Cumulative over this ex-date and all later ones that have come, from the closes. */
  readonly factor: number;
}

/** Mutable while the factors are not known. */
type Draft = { -readonly [Name in keyof DividendRecord]: DividendRecord[Name] } & { counts: boolean };

/** Declared dividends lie at most so many days ahead. */
const LONGEST_DECLARED = 45;

export interface DividendRecords {
  /** What the vendor lists on `today`, by ex-date. */
  of(listing: Listing, today: DayNumber): readonly DividendRecord[];
}

export function createDividendRecords(closes: Closes, splits: SplitRecords): DividendRecords {
  const kept = new Map<Listing, readonly DividendRecord[]>();
  let keptDay = Number.NaN;

  return {
    of(listing, today) {
      if (today !== keptDay) kept.clear();
      keptDay = today;
      let records = kept.get(listing);
      if (records === undefined) {
        const payer = payerOf(listing);
        records = payer === undefined ? [] : recordsOf(listing, payer, today);
        kept.set(listing, records);
      }
      return records;
    },
  };

  function recordsOf(listing: Listing, payer: Payer, today: DayNumber): readonly DividendRecord[] {
    const close = closes(listing.row);
    const until = Math.min(today + LONGEST_DECLARED, listing.last ?? Number.POSITIVE_INFINITY);
    const drafts: Draft[] = [];
    const seed = mix32(listing.security.seed ^ 0xd1d) >>> 0;
    let year = 0;
    let yearBegins = 0;
    let reference: number | undefined;

    function add(ex: DayNumber, cash: number, type: DistributionType, number: number): void {
      const hash = mix32(seed + Math.imul(ex * 4 + number, GOLDEN)) >>> 0;
      if (cash <= 0) return;
      const declared = ex - 8 - (hash % 32);
      const counts = !isTakenBack(hash);
      if (declared > today || (!counts && today >= ex - 2) || (isLate(hash) && today < ex + 15)) return;
      const frequency = type === 'recurring' ? payer.frequency : 0;
      const shown = isMisprinted(hash) && today < ex + 3 ? rounded(cash * 10, payer.decimals) : cash;
      const { currency } = payer;
      drafts.push({
        listing,
        hash,
        ex,
        cash: shown,
        currency,
        frequency,
        type,
        declared,
        counts,
        adjustedCash: shown,
        factor: 1,
      });
    }

    for (const ex of exDates(payer, seed, until)) {
      if (yearOfNumber(ex) !== year) {
        year = yearOfNumber(ex);
        yearBegins = lastOfMonth(year, 0);
        reference = close.before(yearBegins);
        if (reference === undefined) {
          yearBegins = ex;
          reference = close.before(ex);
        }
      }
      if (reference === undefined) continue;
      const times = payer.frequency === 52 ? 52 : Math.max(1, payer.frequency);
      const cash = (reference * splits.ratio(listing, yearBegins, ex) * payer.yearly) / times;
      const hash = mix32(seed + ex) >>> 0;
      add(ex, rounded(cash, payer.decimals), payer.frequency === 0 ? 'irregular' : 'recurring', 0);
      if (hash % 90 === 5) add(ex, rounded(cash / 3, payer.decimals), 'supplemental', 1);
      if (hash % 120 === 9) addSpecial(ex);
    }
    for (const split of splits.of(listing, today))
      if (split.happens && seed % 2 === 0 && split.day > payer.from && split.day <= until) {
        const before = close.before(split.day);
        // A share of the new ones gets it.
        if (before !== undefined)
          add(split.day, rounded((before * split.before * 0.004) / split.after, 4), 'irregular', 2);
      }

    /** On the worst of the days around, which lost more than it pays. */
    function addSpecial(around: DayNumber): void {
      let worst = { day: 0, fall: 0, price: 1 };
      for (
        let day = sessionFrom(around + 3);
        day < Math.min(around + 24, today);
        day = sessionFrom(day + 1)
      ) {
        const [before, on] = [close.before(day), close.on(day)];
        if (before === undefined || on === undefined || splits.ratio(listing, day - 8, day) !== 1) continue;
        if (before - on > worst.fall) worst = { day, fall: before - on, price: before };
      }
      if (worst.fall > 0.01 * worst.price) add(worst.day, rounded(worst.fall * 0.6, 2), 'special', 3);
    }

    drafts.sort((a, b) => a.ex - b.ex || a.hash - b.hash);
    fillFactors(drafts, today);
    return drafts;

    function fillFactors(rows: Draft[], now: DayNumber): void {
      let product = 1;
      for (let at = rows.length - 1; at >= 0; ) {
        const ex = rows[at]?.ex ?? 0;
        let begin = at;
        while (rows[begin - 1]?.ex === ex) begin -= 1;
        const same = rows.slice(begin, at + 1);
        const before = ex <= now ? close.before(ex) : undefined;
        const basis = before === undefined ? 1 : splits.ratio(listing, lastClosed(ex), ex);
        const cash = same.reduce(
          (sum, row) => sum + (row.counts && row.currency === 'USD' ? row.cash : 0),
          0,
        );
        const factor = before === undefined ? 1 : 1 - cash / (before * basis);
        if (ex <= now && factor > 0) product *= factor;
        for (const row of same) {
          row.factor = ex <= now ? product : 1;
          row.adjustedCash = row.cash * splits.ratio(listing, ex, now);
        }
        at = begin - 1;
      }
    }

    /** The day of the close before. */
    function lastClosed(ex: DayNumber): DayNumber {
      let day = ex - 1;
      for (let back = 0; back < 60 && close.on(day) === undefined; back++) day -= 1;
      return day;
    }
  }
}

function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

function isTakenBack(hash: number): boolean {
  return hash % 400 === 3;
}

function isLate(hash: number): boolean {
  return hash % 250 === 4;
}

function isMisprinted(hash: number): boolean {
  return hash % 150 === 2;
}
