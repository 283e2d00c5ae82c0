/** What is found in a price file, and what that is called: counts in, flags and a status out. */

/** Of one price file. Days as YYYYMMDD numbers, 0 where there is none. */
export interface PriceCounts {
  /** Rows with a day. */
  readonly rows: number;
  readonly first: number;
  readonly last: number;
  readonly invalidRows: number;
  readonly nonNumericPrices: number;
  readonly nonPositiveClose: number;
  readonly missingVolume: number;
  readonly zeroVolume: number;
  readonly duplicateDates: boolean;
  readonly nonMonotonicDates: boolean;
  /** Rows whose low is above, or whose high is below, open or close. */
  readonly outsideRange: number;
  /** Closes more than twice, or less than half, the one before. */
  readonly jumps: number;
  /**
   * Sessions of the exchange without a row, from the first row to the last; 0 where its calendar is not
   * known.
   */
  readonly missingSessions: number;
}

export type DataStatus = 'ok' | 'warning' | 'sparse' | 'empty' | 'missing_file' | `error:${string}`;

/** From so many calendar days behind the newest file of its region on, a file is called stale. */
const STALE_DAYS = 10;

/**
 * Joined with `;`, in this order: the flags that users know, then the younger ones. `newest`: the last day of
 * its region's files.
 */
export function flagsOf(counts: PriceCounts, newest: number): readonly string[] {
  const { rows, last } = counts;
  const counted = (name: string, n: number): readonly string[] => (n === 0 ? [] : [`${name}=${n}`]);
  const behind = last === 0 || newest === 0 ? 0 : daysBetween(last, newest);
  return [
    ...counted('invalid_rows', counts.invalidRows),
    ...counted('non_numeric_prices', counts.nonNumericPrices),
    ...counted('non_positive_close', counts.nonPositiveClose),
    ...counted('missing_volume', counts.missingVolume),
    ...zeroVolumeFlags(counts.zeroVolume, rows),
    ...(counts.duplicateDates ? ['duplicate_dates'] : []),
    ...(counts.nonMonotonicDates ? ['non_monotonic_dates'] : []),
    ...counted('ohlc_outside', counts.outsideRange),
    ...counted('missing_sessions', counts.missingSessions),
    ...counted('stale_days', behind > STALE_DAYS ? behind : 0),
    ...counted('jumps', counts.jumps),
  ];
}

function zeroVolumeFlags(zero: number, rows: number): readonly string[] {
  if (zero === 0) return [];
  const ratio = zero / rows;
  const severity = ratio >= 0.5 ? 'critical' : ratio >= 0.1 ? 'high' : ratio >= 0.01 ? 'moderate' : 'low';
  return [`zero_volume=${zero}`, `zero_volume_ratio=${ratio.toFixed(4)}`, `zero_volume_severity=${severity}`];
}

export function statusOf({ rows }: PriceCounts, flags: readonly string[]): DataStatus {
  if (rows === 0) return 'empty';
  if (rows === 1) return 'sparse';
  return flags.length > 0 ? 'warning' : 'ok';
}

/** `2025-10-03` of 20251003; '' of 0. */
export function isoOf(day: number): string {
  if (day === 0) return '';
  const text = String(day).padStart(8, '0');
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

function daysBetween(a: number, b: number): number {
  return Math.round((Date.parse(isoOf(b)) - Date.parse(isoOf(a))) / 86_400_000);
}
