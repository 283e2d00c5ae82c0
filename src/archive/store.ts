/**
 * The archive of one dataset, for reading: single tickers through the tables of contents, or a whole day. A table that does not fit
 * its day file any more is made again; a plain `.csv.gz` of another tool is read whole, piece by piece where it is large.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { type IsoDay, monthOf } from '../calendar/iso-day.js';
import { type FileStamp, type Replacement, replaceFiles } from '../disk/durable.js';
import { archiveFile, archiveFolder, type FolderLayout, tocFile } from '../disk/layout.js';
import type { Dataset, DayRules } from '../flatfile/dataset.js';
import { type DayIndex, inOrder } from '../flatfile/day-index.js';
import { dayOfKey } from '../flatfile/key.js';
import { newQuickTaker, type QuickTaker } from '../flatfile/quick-take.js';
import { isWhole } from '../flatfile/record-ends.js';
import { isLineADay } from '../flatfile/series-form.js';
import { rangeOf, type TickerRange } from '../flatfile/series-key.js';
import { takeRows, takeSlice } from '../flatfile/take-rows.js';
import {
  NO_ROWS,
  newPacker,
  rowCount,
  rowTicker,
  rowValues,
  type TakenRows,
} from '../flatfile/taken-rows.js';
import { ArchiveDamage, END_MARKER, inflateArchive, isMember } from './bgzf.js';
import { type OpenDayFile, readAt, readDayFile, readInto, withDayFile } from './day-file.js';
import { type Bounds, gatherDay, piecesOfDay } from './gather-day.js';
import { indexArchived, rebuildTocOf } from './made-toc.js';
import { type MemberBatch, type MemberText, newMemberBatch, textsOfMembers } from './member-batch.js';
import { endOfWhole } from './member-stream.js';
import {
  beginsAsTold,
  type DayToc,
  firstTickers,
  flawOf,
  type MonthToc,
  membersOf,
  parseMonthToc,
  renderMonthToc,
} from './toc.js';

export interface DayWish {
  readonly day: IsoDay;
  /** UTF-8, ascending by bytes. */
  readonly tickers: readonly Uint8Array[];
}

export interface ArchiveStore {
  /** The days of which there is a file, ascending. */
  days(): readonly IsoDay[];
  /** Undefined where there is no file of that day. */
  stampOf(day: IsoDay): FileStamp | undefined;
  /** Whether anything stands in the day's place, such as a folder. */
  isThere(day: IsoDay): boolean;
  /** Whether the file ends as a whole one does; a plain gzip is not judged. */
  looksWhole(day: IsoDay): boolean;
  /** What the day says of the series (UTF-8, ascending by bytes), or of all. Throws ArchiveDamage or the disk's error. */
  takeRows(day: IsoDay, wanted: readonly Uint8Array[] | '*'): TakenRows;
  /** The same for many days, of single tickers each: far quicker than one by one. A day that is damaged is told so in its place. */
  takeDays(wishes: readonly DayWish[]): readonly (TakenRows | ArchiveDamage)[];
  /** The same of every series from `from` on (included) and below `to`; undefined: no bound. Throws as above. */
  takeSlice(day: IsoDay, from: Uint8Array | undefined, to: Uint8Array | undefined): TakenRows;
  /**
   * The records of the tickers in the range (of a large day), in indexes of a stretch of members each, ascending: memory does not grow with
   * how many they are. They may hold others' records too. Throws as above, and then `use` may have been called.
   */
  stretchesOf(day: IsoDay, range: TickerRange, use: (index: DayIndex) => void): void;
  /** The first tickers of the day's members, ascending: where the market can be cut into slices of about equal size. */
  cutsOf(day: IsoDay): readonly Uint8Array[];
  /** The same without the day's table of contents, which may tell something else. */
  takeSliceUntold(day: IsoDay, from: Uint8Array | undefined, to: Uint8Array | undefined): TakenRows;
  /** Reads the whole day. Throws as above. */
  check(day: IsoDay): void;
  /** A table that was made while the day was written. */
  noteToc(day: IsoDay, toc: DayToc): void;
  /** Writes the tables that have changed, where they are of so many months or more (default 1), and keeps them in memory no longer. */
  saveTocs(months?: number): Promise<void>;
}

export function openArchive(layout: FolderLayout, dataset: Dataset): ArchiveStore {
  const months = new Map<string, Map<IsoDay, DayToc>>();
  const changed = new Set<string>();
  const quick = newQuickTaker(dataset.records);

  const monthToc = (day: IsoDay): Map<IsoDay, DayToc> => {
    const month = monthOf(day);
    let toc = months.get(month);
    if (toc === undefined) {
      toc = readMonthToc(tocFile(layout, dataset, day), dataset);
      months.set(month, toc);
    }
    return toc;
  };
  const noteToc = (day: IsoDay, toc: DayToc): void => {
    monthToc(day).set(day, toc);
    changed.add(monthOf(day));
  };
  const withDay = <T>(day: IsoDay, use: (open: OpenDayFile) => T): T =>
    withDayFile(archiveFile(layout, dataset, day), dataset, use);
  const tocOf = (day: IsoDay, open: OpenDayFile): DayToc | undefined => {
    const { descriptor, size, mtimeMs } = open;
    const known = monthToc(day).get(day);
    if (known?.size === size && known.mtimeMs === mtimeMs && flawOf(known) === undefined) return known;
    const head = readAt(descriptor, 0, Math.min(size, 64));
    if (!isMember(head)) return undefined;
    const made = rebuildTocOf(open, dataset);
    if (made !== undefined) noteToc(day, made);
    return made;
  };
  const readDay = (day: IsoDay): DayIndex => {
    const file = readDayFile(archiveFile(layout, dataset, day), dataset);
    return indexArchived(inflateArchive(file, dataset), dataset);
  };
  /** Out of the whole day: a large one is read a piece at a time. */
  const takeUntold = (day: IsoDay, tickers: readonly Uint8Array[]): TakenRows => {
    const wanted = (): readonly Bounds[] => tickers.map((ticker) => rangeOf(ticker, dataset.series));
    const index = dataset.inPieces
      ? withDay(day, (open) => gatherDay(open, wanted(), dataset))
      : readDay(day);
    return takeRows(index, tickers, dataset, day);
  };
  const takeSliceUntold: ArchiveStore['takeSliceUntold'] = (day, from, to) => {
    const index = dataset.inPieces
      ? withDay(day, (open) => gatherDay(open, [{ from, to }], dataset))
      : readDay(day);
    return takeSlice(index, from, to, dataset, day);
  };
  /** Where a day cannot be read through its table, the table may be at fault: then the day is sound, and the table is made again. */
  const afterAll = (day: IsoDay, take: () => TakenRows): TakenRows | undefined => {
    try {
      const taken = take();
      if (monthToc(day).delete(day)) changed.add(monthOf(day));
      return taken;
    } catch (error) {
      if (error instanceof ArchiveDamage) return undefined;
      throw error;
    }
  };
  const batch = newMemberBatch<WantedRun>(dataset);
  const takeDays: ArchiveStore['takeDays'] = (wishes) => {
    const finish = (): void =>
      batch.finish((run, members) => {
        if (members instanceof ArchiveDamage) run.taking.damage ??= members;
        else damageOf(run.taking, () => takeRun(run, members, quick, dataset));
      });
    const takings = wishes.map(({ day, tickers }): DayTaking => {
      if (batch.bytes > BATCH_BYTES) finish();
      const taking: DayTaking = {
        day,
        packer: newPacker(tickers.length),
        whole: undefined,
        damage: undefined,
      };
      damageOf(taking, () =>
        withDay(day, (open) => {
          const toc = tocOf(day, open);
          // Without a table the day is read whole.
          if (toc === undefined) taking.whole = takeUntold(day, tickers);
          else addRuns(batch, finish, open.descriptor, toc, tickers, taking, dataset);
        }),
      );
      return taking;
    });
    finish();
    return takings.map(({ damage, whole, packer }, i) => {
      const { day, tickers } = wishes[i] as DayWish;
      if (damage === undefined) return whole ?? packer.finish();
      return afterAll(day, () => takeUntold(day, tickers)) ?? damage;
    });
  };
  return {
    days: () => daysIn(archiveFolder(layout, dataset)),
    stampOf: (day) => {
      const found = statSync(archiveFile(layout, dataset, day), { throwIfNoEntry: false });
      return found === undefined || !found.isFile()
        ? undefined
        : { size: found.size, mtimeMs: Math.floor(found.mtimeMs) };
    },
    isThere: (day) => existsSync(archiveFile(layout, dataset, day)),
    looksWhole: (day) => looksWhole(archiveFile(layout, dataset, day), dataset),
    takeRows: (day, wanted) => {
      if (wanted === '*') return takeSliceUntold(day, undefined, undefined);
      const [taken] = takeDays([{ day, tickers: wanted }]);
      if (taken === undefined || taken instanceof ArchiveDamage) throw taken;
      return taken;
    },
    takeDays,
    takeSlice: (day, from, to) => {
      try {
        const taken = withDay(day, (open) => {
          const toc = tocOf(day, open);
          return toc === undefined
            ? undefined
            : sliceThroughToc(open.descriptor, toc, { from, to }, dataset, day);
        });
        return taken ?? takeSliceUntold(day, from, to);
      } catch (error) {
        const untold = (): TakenRows => takeSliceUntold(day, from, to);
        const taken = error instanceof ArchiveDamage ? afterAll(day, untold) : undefined;
        if (taken === undefined) throw error;
        return taken;
      }
    },
    takeSliceUntold,
    stretchesOf: (day, range, use) =>
      withDay(day, (open) => {
        const toc = tocOf(day, open);
        if (toc === undefined) use(gatherDay(open, [range], dataset));
        else
          for (const text of stretches(open.descriptor, toc, range, dataset))
            use(indexArchived(text, dataset));
      }),
    cutsOf: (day) =>
      withDay(day, (open) => {
        const toc = tocOf(day, open);
        if (toc !== undefined) return firstTickers(toc);
        return dataset.inPieces ? firstTickersOfPieces(open, dataset) : [];
      }),
    check: (day) => {
      if (!dataset.inPieces) readDay(day);
      else
        withDay(day, (open) => {
          for (const _ of piecesOfDay(open, dataset));
        });
    },
    noteToc,
    saveTocs: async (least = 1) => {
      if (changed.size < least) return;
      const saving = [...changed];
      changed.clear();
      const replacements: Replacement[] = [];
      for (const month of saving) {
        const toc = months.get(month);
        if (toc === undefined) continue;
        for (const day of toc.keys()) if (!existsSync(archiveFile(layout, dataset, day))) toc.delete(day);
        replacements.push({
          file: tocFile(layout, dataset, `${month}-01`),
          content: renderMonthToc(toc as MonthToc),
        });
      }
      await replaceFiles(replacements);
      for (const month of saving) if (!changed.has(month)) months.delete(month);
    },
  };
}

/** Of a large day without a table: as good a place to cut the market as any. */
function firstTickersOfPieces(open: OpenDayFile, rules: DayRules): readonly Uint8Array[] {
  const tickers: Uint8Array[] = [];
  for (const index of piecesOfDay(open, rules)) {
    const i = inOrder(index, 0);
    if (index.records > 0) tickers.push(index.tickerBytes.slice(index.tickerStarts[i], index.tickerEnds[i]));
  }
  return tickers.sort(Buffer.compare);
}

function daysIn(folder: string): readonly IsoDay[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw error;
  }
  return names
    .flatMap((name) => {
      const day = dayOfKey(name);
      return day === undefined ? [] : [day];
    })
    .sort();
}

function readMonthToc(file: string, limits: DayRules): Map<IsoDay, DayToc> {
  try {
    return parseMonthToc(readDayFile(file, limits)) ?? new Map();
  } catch {
    // Derived: whatever is amiss with it, it is made again.
    return new Map();
  }
}

/** From so many tickers in the same members on, searching for each costs more than indexing all records. */
const FEW = 8;

/** Compressed bytes that are inflated together: a few hundred members. */
const BATCH_BYTES = 1 << 20;

/** And of a large day's records of one series: some megabytes of text. */
const STRETCH_BYTES = 1 << 18;

/** One run of members of a day on its way: which tickers it can hold, and where their bars go. */
interface WantedRun {
  readonly toc: DayToc;
  /** The members of the run. */
  readonly first: number;
  readonly last: number;
  readonly tickers: readonly Uint8Array[];
  readonly taking: DayTaking;
}

interface DayTaking {
  readonly day: IsoDay;
  readonly packer: ReturnType<typeof newPacker>;
  /** What was taken of a day that has no table. */
  whole: TakenRows | undefined;
  damage: ArchiveDamage | undefined;
}

/** Reads the members that can hold the tickers into the batch, each once. `finish`: makes room in it. */
function addRuns(
  batch: MemberBatch<WantedRun>,
  finish: () => void,
  descriptor: number,
  toc: DayToc,
  wanted: readonly Uint8Array[],
  taking: DayTaking,
  rules: DayRules,
): void {
  for (const { first, last, tickers } of runsOf(toc, wanted, rules)) {
    const from = toc.offsets[first] as number;
    const length = (toc.offsets[last + 1] as number) - from;
    if (batch.bytes > 0 && batch.bytes + length > 2 * BATCH_BYTES) finish();
    batch.add({ toc, first, last, tickers, taking }, from, length, (target, at) =>
      readInto(descriptor, from, length, target, at),
    );
  }
}

/** Damage is the day's own: the others of a batch go on. */
function damageOf(taking: DayTaking, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    taking.damage ??= error;
  }
}

/** Takes the tickers' bars out of the texts of a run of members. */
function takeRun(
  { toc, first, last, tickers, taking: { packer, day } }: WantedRun,
  members: readonly MemberText[],
  quick: QuickTaker,
  rules: DayRules,
): void {
  checkBeginnings(toc, first, last, members);
  const texts = members.map(({ text }) => text);
  if (
    isLineADay(rules.series) &&
    tickers.length <= FEW &&
    quick.knows(toc.header) &&
    arePlain(texts, quick)
  ) {
    for (const ticker of tickers) takeLast(texts, ticker, quick, packer);
    return;
  }
  const index = indexArchived(Buffer.concat([toc.header, ...texts]), rules);
  const taken = takeRows(index, tickers, rules, day);
  for (let i = 0; i < rowCount(taken); i++) packer.add(rowTicker(taken, i), rowValues(taken, i));
}

/** A table of another file of the same size and time would lead past what is there. Throws ArchiveDamage. */
function checkBeginnings(toc: DayToc, first: number, last: number, members: readonly MemberText[]): void {
  let m = first;
  for (const { offset, text } of members) {
    // A member that no record begins with has no place in the table.
    if (offset !== toc.offsets[m]) continue;
    if (!beginsAsTold(toc, m, text))
      throw new ArchiveDamage(`its member at byte ${offset} begins with another ticker than its table tells`);
    m++;
  }
  if (m <= last) throw new ArchiveDamage(`no member begins at byte ${toc.offsets[m]}, as its table tells`);
}

interface MemberRun {
  readonly first: number;
  last: number;
  readonly tickers: Uint8Array[];
}

function runsOf(toc: DayToc, wanted: readonly Uint8Array[], { series }: DayRules): readonly MemberRun[] {
  const runs: MemberRun[] = [];
  for (const ticker of wanted) {
    const { from, to } = rangeOf(ticker, series);
    const span = membersOf(toc, from, to);
    if (span === undefined) continue;
    const run = runs.at(-1);
    // A run is worked through as one: of a large day it does not become the whole.
    const isLong = run !== undefined && bytesOf(toc, run) > BATCH_BYTES;
    if (run !== undefined && !isLong && span.first <= run.last) {
      run.last = Math.max(run.last, span.last);
      run.tickers.push(ticker);
    } else {
      runs.push({ ...span, tickers: [ticker] });
    }
  }
  return runs;
}

function bytesOf({ offsets }: DayToc, { first, last }: MemberRun): number {
  return (offsets[last + 1] as number) - (offsets[first] as number);
}

/** The text of the members that can hold the range, a stretch of whole records at a time, each with the header. */
function* stretches(
  descriptor: number,
  toc: DayToc,
  { from, to }: TickerRange,
  rules: DayRules,
): Generator<Uint8Array> {
  const span = membersOf(toc, from, to);
  if (span === undefined) return;
  const end = toc.offsets[span.last + 1] as number;
  let rest: readonly Uint8Array[] = [];
  let isFirst = true;
  for (let offset = toc.offsets[span.first] as number; offset < end; ) {
    const bytes = readAt(descriptor, offset, Math.min(STRETCH_BYTES, end - offset));
    const whole = endOfWhole(bytes, offset);
    const texts = textsOfMembers(bytes.subarray(0, whole), rules, offset).map(({ text }) => text);
    if (isFirst && texts[0] !== undefined && !beginsAsTold(toc, span.first, texts[0]))
      throw new ArchiveDamage(`its member at byte ${offset} begins with another ticker than its table tells`);
    isFirst = false;
    offset += whole;
    const records = Buffer.concat([...rest, ...texts]);
    rest = [];
    if (offset < end && !isWhole(records)) rest = [records];
    else yield Buffer.concat([toc.header, records]);
  }
}

/** Whether each text can be searched by itself: no quotes, and no record that goes on in the next member. */
function arePlain(texts: readonly Uint8Array[], quick: QuickTaker): boolean {
  return texts.every((text, i) => quick.isPlain(text) && (i === texts.length - 1 || text.at(-1) === NEWLINE));
}

const NEWLINE = 10;

/** Of several bars of one ticker the last counts. */
function takeLast(
  texts: readonly Uint8Array[],
  ticker: Uint8Array,
  quick: QuickTaker,
  packer: ReturnType<typeof newPacker>,
): void {
  for (let m = texts.length - 1; m >= 0; m--) if (quick.take(texts[m] as Uint8Array, ticker, packer)) return;
}

function sliceThroughToc(
  descriptor: number,
  toc: DayToc,
  { from, to }: { readonly from: Uint8Array | undefined; readonly to: Uint8Array | undefined },
  rules: DayRules,
  day: IsoDay,
): TakenRows {
  const members = toc.offsets.length - 1;
  if (members <= 0) return NO_ROWS;
  const first = from === undefined ? 0 : (membersOf(toc, from, from)?.first ?? 0);
  const last = to === undefined ? members - 1 : (membersOf(toc, to, to)?.first ?? 0);
  const offset = toc.offsets[first] as number;
  const bytes = readAt(descriptor, offset, (toc.offsets[last + 1] as number) - offset);
  const texts = textsOfMembers(bytes, rules, offset);
  checkBeginnings(toc, first, last, texts);
  const text = Buffer.concat([toc.header, ...texts.map((member) => member.text)]);
  return takeSlice(indexArchived(text, rules), from, to, rules, day);
}

function looksWhole(file: string, limits: DayRules): boolean {
  try {
    return withDayFile(file, limits, ({ descriptor, size }) => {
      if (size < END_MARKER.length) return false;
      if (!isMember(readAt(descriptor, 0, END_MARKER.length))) return true;
      const end = readAt(descriptor, size - END_MARKER.length, END_MARKER.length);
      return Buffer.compare(end, END_MARKER) === 0;
    });
  } catch (error) {
    if (error instanceof ArchiveDamage) return false;
    throw error;
  }
}
