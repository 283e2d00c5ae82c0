/** What every part of a look at a dataset shares, and what it has found so far. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import type { LeftOut } from '#market/records/left-out.js';
import type { DataFolder } from '#store/folder/open.js';
import type { DatasetProgress } from '#store/ledger/model.js';
import type { ParsedSeries } from '#store/series/row.js';
import type { Seam } from '#store/series/seams.js';
import type { Thresholds } from './history.js';
import type { Damage, Harmless, KeptRows, Suspicion } from './result.js';

export interface VerifyOptions {
  readonly deep: boolean;
  /** Only days of this range, both included; undefined: all. */
  readonly range?: { readonly start: IsoDay; readonly end: IsoDay } | undefined;
  readonly thresholds?: Thresholds;
}

export interface VerifyContext {
  readonly signal: AbortSignal;
  /** Worker threads for a deep look at many days; 0: none. */
  readonly workers: number;
  /** Gets how far a deep look is. */
  readonly onProgress?: (done: number, of: number, what: 'days' | 'slices') => void;
}

export interface Look {
  readonly folder: DataFolder;
  readonly dataset: Dataset;
  readonly options: VerifyOptions;
  readonly context: VerifyContext;
  readonly findings: Findings;
  readonly known: DatasetProgress;
  /**
   * Tickers whose series file is not as barloom left it, by size and time: others wrote it, and rows of it
   * that can be read are theirs.
   */
  readonly theirs: Set<string>;
}

export type Findings = ReturnType<typeof newFindings>;

export function newFindings() {
  return {
    damage: [] as Damage[],
    harmless: [] as Harmless[],
    suspicions: [] as Suspicion[],
    checked: { days: 0, series: 0, members: 0, bytes: 0, rows: 0 },
    users: { series: 0, rows: 0 },
    kept: [] as KeptRows[],
    leftOut: [] as ({ readonly day: IsoDay } & LeftOut)[],
    touched: { days: [] as IsoDay[], series: [] as string[] },
    waiting: [] as string[],
    unrecorded: { days: [] as IsoDay[], series: [] as string[] },
  };
}

export interface ArchiveDays {
  /** In the range, ascending. */
  readonly here: readonly IsoDay[];
  /** All that the archive holds, or held when it was recorded. */
  readonly held: ReadonlySet<IsoDay>;
}

export function noteForm(
  {
    canonical,
    lost,
    isEmpty,
  }: Pick<Extract<ParsedSeries, { ok: true }>, 'canonical' | 'lost'> & { readonly isEmpty: boolean },
  file: string,
  ticker: string,
  { harmless }: Findings,
): void {
  if (canonical || (isEmpty && lost.length === 0)) return;
  const more = lost.length === 0 ? '' : `; it holds ${lost.join(', ')} besides`;
  harmless.push({ kind: 'series-form', file, ticker, what: `it is not in barloom's own form${more}` });
}

export function noteUsers(rows: number, { users }: Findings): void {
  if (rows === 0) return;
  users.series++;
  users.rows += rows;
}

export function noteSeams(ticker: string, seams: readonly Seam[], { suspicions }: Findings): void {
  for (const { day, what } of seams) suspicions.push({ kind: 'seam', day, ticker, what });
}
