/**
 * Records of a day through its table of contents: which members can hold them, and whether those are what the
 * table says.
 */
import type { DayRules } from '#market/datasets/dataset.js';
import type { TickerRange } from '#market/datasets/series-key.js';
import type { DayIndex } from '#market/records/day-index.js';
import { isWhole } from '#market/records/record-ends.js';
import { ArchiveDamage } from './bgzf.js';
import { indexArchived } from './build-toc.js';
import { type OpenDayFile, readAt } from './day-file.js';
import type { Bounds } from './gather-day.js';
import { type MemberText, textsOfMembers } from './member-batch.js';
import { endOfWhole } from './member-stream.js';
import { beginsAsListed, type DayToc, membersOf } from './toc.js';

/**
 * Compressed bytes of a large day's records of one series that are inflated together: some megabytes of text.
 */
const STRETCH_BYTES = 1 << 18;

/** A table of another file of the same size and time would lead past what is there. Throws ArchiveDamage. */
export function checkBeginnings(
  toc: DayToc,
  first: number,
  last: number,
  members: readonly MemberText[],
): void {
  let m = first;
  for (const { offset, text } of members) {
    // A member that no record begins with has no place in the table.
    if (offset !== toc.offsets[m]) continue;
    if (!beginsAsListed(toc, m, text))
      throw new ArchiveDamage(`its member at byte ${offset} begins with another ticker than its table tells`);
    m++;
  }
  if (m <= last) throw new ArchiveDamage(`no member begins at byte ${toc.offsets[m]}, as its table tells`);
}

/**
 * The text of the members that can hold the range, a stretch of whole records at a time, each with the
 * header.
 */
export function* stretches(
  open: OpenDayFile,
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
    const bytes = readAt(open, offset, Math.min(STRETCH_BYTES, end - offset));
    const whole = endOfWhole(bytes, offset);
    const texts = textsOfMembers(bytes.subarray(0, whole), rules, offset).map(({ text }) => text);
    if (isFirst && texts[0] !== undefined && !beginsAsListed(toc, span.first, texts[0]))
      throw new ArchiveDamage(`its member at byte ${offset} begins with another ticker than its table tells`);
    isFirst = false;
    offset += whole;
    const records = Buffer.concat([...rest, ...texts]);
    rest = [];
    if (offset < end && !isWhole(records)) rest = [records];
    else yield Buffer.concat([toc.header, records]);
  }
}

/**
 * The records of the members that can hold what is within the bounds; undefined where the day holds none at
 * all.
 */
export function sliceThroughToc(
  open: OpenDayFile,
  toc: DayToc,
  { from, to }: Bounds,
  rules: DayRules,
): DayIndex | undefined {
  const members = toc.offsets.length - 1;
  if (members <= 0) return undefined;
  const first = from === undefined ? 0 : (membersOf(toc, from, from)?.first ?? 0);
  const last = to === undefined ? members - 1 : (membersOf(toc, to, to)?.first ?? 0);
  const offset = toc.offsets[first] as number;
  const bytes = readAt(open, offset, (toc.offsets[last + 1] as number) - offset);
  const texts = textsOfMembers(bytes, rules, offset);
  checkBeginnings(toc, first, last, texts);
  const text = Buffer.concat([toc.header, ...texts.map((member) => member.text)]);
  return indexArchived(text, rules);
}
