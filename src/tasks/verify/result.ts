/** What verify found: the data behind its text and its --json document, whose field names are a contract. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { LeftOut } from '#market/records/left-out.js';

export type DamageKind =
  /** progress.json or its journal cannot be read, or its check does not fit. */
  | 'progress-damaged'
  /** progress.json says another thing of a day than its sound copy. */
  | 'progress-wrong'
  /** progress.json names a copy that is not there. */
  | 'archive-gone'
  /** A copy that cannot be read, or not to its end. */
  | 'archive-damaged'
  /** A copy that can be read and does not hold the text that was fetched. */
  | 'archive-changed'
  | 'toc-damaged'
  /** progress.json names a series that is not there. */
  | 'series-gone'
  | 'series-unreadable'
  /** Rows of days that the archive holds are not its bars, or are missing. */
  | 'series-differs';

export interface Damage {
  readonly kind: DamageKind;
  /** Below the data folder, with slashes; the whole path where the archive is elsewhere. */
  readonly file: string;
  readonly day?: IsoDay;
  readonly ticker?: string;
  /** What is wrong, in a few words. */
  readonly what: string;
  /**
   * Of a series that differs: days whose rows are not the archive's bars, and rows of one day under the date
   * of another.
   */
  readonly wrong?: readonly IsoDay[];
  readonly misdated?: readonly { readonly day: IsoDay; readonly of: IsoDay }[];
}

/** Another form than barloom's, with nothing lost: --repair writes it in barloom's. */
export interface Harmless {
  readonly kind: 'archive-plain' | 'archive-blocks' | 'series-form';
  readonly file: string;
  readonly day?: IsoDay;
  readonly ticker?: string;
  readonly what: string;
}

/** What a trader would look at twice. Not damage: the vendor may have it so. */
export interface Suspicion {
  readonly kind: 'jump' | 'volume' | 'few-tickers' | 'off-day' | 'stale' | 'seam' | 'outlier' | 'minute-hole';
  readonly day: IsoDay;
  readonly ticker?: string;
  readonly what: string;
}

/** Rows of the user's in one series that are not the archive's. */
export interface KeptRows {
  readonly file: string;
  readonly ticker: string;
  /** Ascending. */
  readonly days: readonly IsoDay[];
}

export interface VerifyResult {
  readonly dataset: string;
  readonly deep: boolean;
  readonly checked: {
    readonly days: number;
    readonly series: number;
    /**
     * Of blocked gzip, and bytes of all files read: 0 and the sizes' sum where only the ends were looked at.
     */
    readonly members: number;
    readonly bytes: number;
    /** Rows of the series. */
    readonly rows: number;
  };
  readonly damage: readonly Damage[];
  readonly harmless: readonly Harmless[];
  readonly suspicions: readonly Suspicion[];
  /** Rows of days that the archive does not hold: the user's, or of days that were pruned or not kept. */
  readonly users_rows: { readonly series: number; readonly rows: number };
  /**
   * Rows of the user's that differ from the archive's, and stay: no damage, and only `rebuild` lets the
   * archive win.
   */
  readonly kept_rows: { readonly series: number; readonly rows: number };
  readonly kept_files: readonly KeptRows[];
  /** Records of the archive that no series has, by day, ticker and reason; `line` is that of the first. */
  readonly left_out: readonly ({ readonly day: IsoDay } & LeftOut)[];
  /**
   * Series with rows of before the vendor replaced a day, which the next populate that is asked for them
   * corrects.
   */
  readonly waiting: readonly string[];
  /** Files whose size or time is not as barloom left it. */
  readonly touched: { readonly days: readonly IsoDay[]; readonly series: readonly string[] };
  /** Files that progress.json does not know yet: the next populate learns them. */
  readonly unrecorded: { readonly days: readonly IsoDay[]; readonly series: readonly string[] };
  /** Temporary files and files that were moved aside or kept. */
  readonly leftovers: readonly string[];
}

/** The same thing found again has the same key. */
export function damageKey({ kind, file, day, ticker }: Damage): string {
  return `${kind} ${file} ${day ?? ''} ${ticker ?? ''}`;
}
