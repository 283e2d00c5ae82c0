/**
 * Single tickers of many days through the tables of contents: of each day only the members that can hold them
 * are read, and those of many days are inflated together.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { DayRules } from '#market/datasets/dataset.js';
import { isLineADay } from '#market/datasets/series-form.js';
import { rangeOf } from '#market/datasets/series-key.js';
import { newQuickTaker, type QuickTaker } from '#market/records/quick-take.js';
import { takeRows } from '#market/records/take-rows.js';
import { newPacker, rowCount, rowTicker, rowValues, type TakenRows } from '#market/records/taken-rows.js';
import { ArchiveDamage } from './bgzf.js';
import { indexArchived } from './build-toc.js';
import { type OpenDayFile, readInto } from './day-file.js';
import type { DayFiles, DayPart } from './day-files.js';
import { type MemberText, newMemberBatch } from './member-batch.js';
import { checkBeginnings } from './through-toc.js';
import { type DayToc, membersOf } from './toc.js';

export interface DayWish {
  readonly day: IsoDay;
  /** UTF-8, ascending by bytes. */
  readonly tickers: readonly Uint8Array[];
}

/** From so many tickers in the same members on, searching for each costs more than indexing all records. */
const FEW = 8;

/** Compressed bytes that are inflated together: a few hundred members. */
const BATCH_BYTES = 1 << 20;

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

/** How a day is reached. */
export interface DayAccess {
  readonly files: DayFiles;
  /** Of a day without a table. */
  takeWhole(day: IsoDay, tickers: readonly Uint8Array[]): TakenRows;
}

/** What each of the days says of its tickers, or its damage. Throws the disk's error. */
export type DayTaker = (wishes: readonly DayWish[]) => readonly (TakenRows | ArchiveDamage)[];

export function newDayTaker({ files, takeWhole }: DayAccess, rules: DayRules): DayTaker {
  const quick = newQuickTaker(rules.records);
  const batch = newMemberBatch<WantedRun>(rules);
  const finish = (): void =>
    batch.finish((run, members) => {
      if (members instanceof ArchiveDamage) run.taking.damage ??= members;
      else damageOf(run.taking, () => takeRun(run, members, quick, rules));
    });
  /** Reads the members that can hold the tickers into the batch, each once. */
  const addRuns = (
    open: OpenDayFile,
    toc: DayToc,
    tickers: readonly Uint8Array[],
    taking: DayTaking,
  ): void => {
    for (const { first, last, tickers: wanted } of runsOf(toc, tickers, rules)) {
      const from = toc.offsets[first] as number;
      const length = (toc.offsets[last + 1] as number) - from;
      if (batch.bytes > 0 && batch.bytes + length > 2 * BATCH_BYTES) finish();
      const run = { toc, first, last, tickers: wanted, taking };
      batch.add(run, from, length, (target) => readInto(open, from, target));
    }
  };
  const begin = ({ day, tickers }: DayWish): DayTaking => {
    if (batch.bytes > BATCH_BYTES) finish();
    const packer = newPacker(tickers.length);
    const taking: DayTaking = { day, packer, whole: undefined, damage: undefined };
    damageOf(taking, () =>
      files.open(day, (open) => {
        const toc = files.tocOf(day, open);
        if (toc === undefined) taking.whole = takeWhole(day, tickers);
        else addRuns(open, toc, tickers, taking);
      }),
    );
    return taking;
  };
  return (wishes) => {
    aheadOf(files, wishes, rules);
    const takings = wishes.map(begin);
    finish();
    return takings.map(({ damage, whole, packer }) => damage ?? whole ?? packer.finish());
  };
}

/** Compressed bytes that are asked for ahead: what is more waits until it is read. */
const AHEAD_BYTES = 64 << 20;

/** Asks for the tables and the members that the wishes need, where that is worth it. */
export function aheadOf({ ahead, open, tocOf }: DayFiles, wishes: readonly DayWish[], rules: DayRules): void {
  if (ahead === undefined || wishes.length < 2) return;
  ahead.tables(wishes.map(({ day }) => day));
  let bytes = 0;
  const parts: DayPart[] = [];
  for (const { day, tickers } of wishes) {
    try {
      for (const part of open(day, (file) => partsOf(day, tickers, tocOf(day, file), rules))) {
        bytes += part.length;
        if (bytes <= AHEAD_BYTES) parts.push(part);
      }
    } catch (error) {
      // Told when the day is read.
      if (!(error instanceof ArchiveDamage)) throw error;
    }
  }
  ahead.parts(parts);
}

function partsOf(
  day: IsoDay,
  tickers: readonly Uint8Array[],
  toc: DayToc | undefined,
  rules: DayRules,
): readonly DayPart[] {
  if (toc === undefined) return [];
  return runsOf(toc, tickers, rules).map((run) => ({
    day,
    from: toc.offsets[run.first] as number,
    length: bytesOf(toc, run),
  }));
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
