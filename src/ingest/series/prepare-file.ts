/**
 * One ticker's file as the archive has it, written under a temporary name where it differs from what is
 * there. Rows that a file already has stay as they are, whoever wrote them, unless the archive is to win on
 * its days.
 */
import { statSync } from 'node:fs';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isBarADay, type SeriesForm } from '#market/datasets/series-form.js';
import { temporaryName, writeUnsyncedSync } from '#platform/disk/durable.js';
import { readBytesIfThereSync } from '#platform/disk/read.js';
import { type FileStamp, stampOf } from '#platform/disk/stamp.js';
import { isCutRow, isUnended } from '#store/series/cut-row.js';
import { mergeRows, type SeriesUpdate } from '#store/series/merge.js';
import type { Row } from '#store/series/row.js';
import { seamsOf } from '#store/series/seams.js';
import { parseSeries, renderSeries } from '#store/series/series-file.js';
import type { SeriesComposer } from './series-composer.js';

export interface PreparedFile {
  /** Written, and not yet durable; undefined: the file needs no change. */
  readonly temporary: string | undefined;
  /** Of the temporary file, or of the file itself. */
  readonly stamp: FileStamp;
  /** Why the file that is there cannot be read: it is to be moved aside. */
  readonly unreadable: string | undefined;
  /** What the file that is there holds and the new one does not: it is to be kept beside it. */
  readonly lost: readonly string[];
  /**
   * The days of the rows of the user's that are not what the vendor has, ascending; undefined where there are
   * none.
   */
  readonly kept: readonly IsoDay[] | undefined;
  /** Where the user's rows and the vendor's meet on another scale, each in a sentence. */
  readonly seams: readonly string[];
}

/** Bars by number of their day, all tickers together. */
export interface BarCounts {
  readonly added: Int32Array;
  readonly unchanged: Int32Array;
  /** Rows that gave way to the archive's, or to its having none. */
  readonly corrected: Int32Array;
  readonly kept: Int32Array;
}

export interface PrepareRules {
  readonly form: SeriesForm;
  /** The archive's days by their numbers. */
  readonly numbers: ReadonlyMap<IsoDay, number>;
  /** Whether rows of those days that are not the archive's give way. */
  readonly archiveWins: boolean;
  /**
   * Where the archive wins: the days whose row is known to be the user's. Where it is given, those rows stay,
   * and those of days on which the archive has no bar.
   */
  readonly isUsers?: ((day: IsoDay) => boolean) | undefined;
  /** Days whose rows are the vendor's, those of now among them. Where they are given, seams are told. */
  readonly vendors?: ReadonlySet<IsoDay> | undefined;
}

/** `bars`: the ticker's. Adds to `counts`. Throws the disk's error. */
export function prepareFile(
  file: string,
  bars: SeriesComposer,
  rules: PrepareRules,
  counts: BarCounts,
): PreparedFile {
  const { form, numbers, archiveWins } = rules;
  const existing = readBytesIfThereSync(file);
  if (existing !== undefined && Buffer.compare(existing, bars.text()) === 0) {
    for (const d of bars.days()) (counts.unchanged[d] as number)++;
    return { ...NOTHING, stamp: stampOf(statSync(file)) };
  }
  const parsed = existing === undefined ? undefined : parseSeries(existing, form);
  if (existing === undefined || parsed === undefined || !parsed.ok) {
    for (const d of bars.days()) (counts.added[d] as number)++;
    return {
      ...NOTHING,
      ...written(file, bars.text()),
      unreadable: parsed?.ok === false ? parsed.reason : undefined,
    };
  }
  const kept: IsoDay[] = [];
  const there = { rows: parsed.rows, unended: isUnended(existing) };
  const updates = archiveWins
    ? winningUpdates(bars.updates(), parsed.rows, rules)
    : bars.updates().map((bar) => (isCutRow(there, bar.day, bar.values) ? { ...bar, ours: true } : bar));
  const merged = mergeRows(parsed.rows, updates, (day, outcome) => {
    const d = numbers.get(day);
    if (d === undefined || outcome === 'nothing') return;
    (counts[outcome === 'removed' ? 'corrected' : outcome][d] as number)++;
    if (outcome === 'kept') kept.push(day);
  });
  const seams = seamsOfFile(parsed.rows, merged.rows, rules);
  const found = { ...NOTHING, kept: kept.length === 0 ? undefined : kept, seams };
  if (!merged.changed && (parsed.canonical || !archiveWins))
    return { ...found, stamp: stampOf(statSync(file)) };
  return { ...found, ...written(file, renderSeries(merged.rows, form)), lost: parsed.lost };
}

const NOTHING = { temporary: undefined, unreadable: undefined, lost: [], kept: undefined, seams: [] };

/** Only with rows of now: each seam is told once. */
function seamsOfFile(
  before: readonly Row[],
  rows: readonly Row[],
  { form, numbers, vendors }: PrepareRules,
): readonly string[] {
  if (vendors === undefined || !isBarADay(form)) return [];
  if (before.every(({ day }) => vendors.has(day))) return [];
  return seamsOf(rows, (day) => vendors.has(day)).flatMap((seam) =>
    numbers.has(seam.before) || numbers.has(seam.day) ? [seam.what] : [],
  );
}

function written(file: string, text: Uint8Array): Pick<PreparedFile, 'temporary' | 'stamp'> {
  const temporary = temporaryName(file);
  return { temporary, stamp: writeUnsyncedSync(temporary, text) };
}

/**
 * Everything that the file says of the archive's days is to be as the archive has it, days without a bar
 * included, where the user's do not stay.
 */
function winningUpdates(
  bars: readonly SeriesUpdate[],
  rows: readonly Row[],
  { numbers, isUsers }: PrepareRules,
): readonly SeriesUpdate[] {
  if (isUsers !== undefined) return bars.map((bar) => ({ ...bar, ours: !isUsers(bar.day) }));
  const withBar = new Set(bars.map(({ day }) => day));
  const gone = rows.filter(({ day }) => numbers.has(day) && !withBar.has(day));
  return [
    ...bars.map((bar) => ({ ...bar, ours: true })),
    ...gone.map(({ day }) => ({ day, values: undefined, ours: true })),
  ];
}
