/** The table of contents of a day file, made from its index, or made again from the file's bytes alone. */
import type { DayRules } from '../flatfile/dataset.js';
import { type DayIndex, indexDay } from '../flatfile/day-index.js';
import { ArchiveDamage, checkEnd, checkTextLength, inflateMember, memberSize } from './bgzf.js';
import type { DayToc } from './toc.js';

/** `members`: where each begins, and with which record. */
export function tocOf(
  index: DayIndex,
  members: readonly { readonly offset: number; readonly record: number }[],
  end: number,
): Omit<DayToc, 'mtimeMs' | 'size'> {
  const cuts = members.map(({ offset, record }) => ({
    offset,
    ticker: index.tickerBytes.subarray(index.tickerStarts[record], index.tickerEnds[record]),
  }));
  return tocOfCuts(index.text.subarray(0, index.headerEnd), cuts, end);
}

/**
 * `cuts`: where each member begins that a record begins with, and the ticker of that. Members that begin with the ticker of the one before
 * need no entry: a table is never longer than the market has tickers, however many records each has.
 */
export function tocOfCuts(
  header: Uint8Array,
  cuts: readonly { readonly offset: number; readonly ticker: Uint8Array }[],
  end: number,
): Omit<DayToc, 'mtimeMs' | 'size'> {
  const entries = cuts.filter(
    ({ ticker }, i) =>
      i === 0 || Buffer.compare(ticker, (cuts[i - 1] as { ticker: Uint8Array }).ticker) !== 0,
  );
  const offsets = new Float64Array(entries.length + 1);
  const tickerEnds = new Uint32Array(entries.length);
  let length = 0;
  for (const [m, { offset, ticker }] of entries.entries()) {
    offsets[m] = offset;
    length += ticker.length;
    tickerEnds[m] = length;
  }
  offsets[entries.length] = end;
  return {
    header: Uint8Array.from(header),
    offsets,
    tickerEnds,
    tickers: Buffer.concat(entries.map(({ ticker }) => ticker)),
  };
}

/**
 * Makes the table of contents again from the file's bytes; undefined where the members are not cut the way this module cuts them
 * (htslib's bgzip cuts anywhere), or the records are in no order, so that the file has to be read whole. Throws ArchiveDamage.
 */
export function rebuildToc(file: Uint8Array, mtimeMs: number, limits: DayRules): DayToc | undefined {
  checkEnd(file);
  const members: { offset: number; start: number }[] = [];
  const texts: Uint8Array[] = [];
  let length = 0;
  let at = 0;
  while (at < file.length) {
    const text = inflateMember(file, at);
    if (text.length > 0) members.push({ offset: at, start: length });
    texts.push(text);
    length += text.length;
    checkTextLength(length, limits);
    at += memberSize(file, at);
  }
  const index = indexArchived(Buffer.concat(texts), limits);
  if (!index.sorted) return undefined;
  const cuts: { offset: number; record: number }[] = [];
  let record = 0;
  for (const { offset, start } of members) {
    if (start < index.headerEnd) continue;
    while (record < index.records && (index.starts[record] as number) < start) record++;
    if (index.starts[record] === start) {
      cuts.push({ offset, record });
    } else if (index.starts[record - 1] !== startOfLast(cuts, index)) {
      return undefined;
    }
  }
  if (index.records > 0 && cuts[0]?.record !== 0) return undefined;
  const last = members.at(-1);
  const end = last === undefined ? 0 : last.offset + memberSize(file, last.offset);
  return { ...tocOf(index, cuts, end), size: file.length, mtimeMs };
}

/** A member may begin inside a record only where the record began with the latest cut: it is longer than a member. */
function startOfLast(cuts: readonly { readonly record: number }[], index: DayIndex): number | undefined {
  const last = cuts.at(-1);
  return last === undefined ? undefined : index.starts[last.record];
}

/** The index of a text that stands in an archive file. Throws ArchiveDamage where it is no day's. */
export function indexArchived(text: Uint8Array, limits: DayRules): DayIndex {
  try {
    return indexDay(text, limits);
  } catch (error) {
    throw new ArchiveDamage((error as Error).message);
  }
}
