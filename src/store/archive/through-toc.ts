/** Single series' records of a day through its table of contents: which members can hold them, and what is taken out of those. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { DayRules } from '#market/datasets/dataset.js';
import { isLineADay } from '#market/datasets/series-form.js';
import { rangeOf, type TickerRange } from '#market/datasets/series-key.js';
import type { QuickTaker } from '#market/records/quick-take.js';
import { isWhole } from '#market/records/record-ends.js';
import { takeRows, takeSlice } from '#market/records/take-rows.js';
import {
  NO_ROWS,
  type newPacker,
  rowCount,
  rowTicker,
  rowValues,
  type TakenRows,
} from '#market/records/taken-rows.js';
import { ArchiveDamage } from './bgzf.js';
import { indexArchived } from './build-toc.js';
import { readAt, readInto } from './day-file.js';
import { type MemberBatch, type MemberText, textsOfMembers } from './member-batch.js';
import { endOfWhole } from './member-stream.js';
import { beginsAsTold, type DayToc, membersOf } from './toc.js';

/** From so many tickers in the same members on, searching for each costs more than indexing all records. */
const FEW = 8;

/** Compressed bytes that are inflated together: a few hundred members. */
export const BATCH_BYTES = 1 << 20;

/** And of a large day's records of one series: some megabytes of text. */
const STRETCH_BYTES = 1 << 18;

/** One run of members of a day on its way: which tickers it can hold, and where their bars go. */
export interface WantedRun {
  readonly toc: DayToc;
  /** The members of the run. */
  readonly first: number;
  readonly last: number;
  readonly tickers: readonly Uint8Array[];
  readonly taking: DayTaking;
}

export interface DayTaking {
  readonly day: IsoDay;
  readonly packer: ReturnType<typeof newPacker>;
  /** What was taken of a day that has no table. */
  whole: TakenRows | undefined;
  damage: ArchiveDamage | undefined;
}

/** Reads the members that can hold the tickers into the batch, each once. `finish`: makes room in it. */
export function addRuns(
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
export function damageOf(taking: DayTaking, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof ArchiveDamage)) throw error;
    taking.damage ??= error;
  }
}

/** Takes the tickers' bars out of the texts of a run of members. */
export function takeRun(
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
export function* stretches(
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

export function sliceThroughToc(
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
