/**
 * A day of the whole market as an archive file: blocked gzip with the header line in a member of its own and
 * the records behind it, cut between records and in ticker order, each byte as the vendor wrote it. `zcat`
 * gives the vendor's text.
 */
import type { MemberForm } from '#market/datasets/dataset.js';
import type { DayIndex } from '#market/records/day-index.js';
import { END_MARKER } from './bgzf.js';
import { tocOf } from './build-toc.js';
import { membersOfText, writeMembers } from './members.js';
import type { DayToc } from './toc.js';

export interface BuiltArchive {
  readonly bytes: Uint8Array;
  /** Without the file's time, which is known only when it is written. */
  readonly toc: Omit<DayToc, 'mtimeMs'>;
  /**
   * The text that the archive holds: the vendor's own, but for the order of the records where that was not
   * the tickers'.
   */
  readonly text: Uint8Array;
}

export function buildArchive(vendor: DayIndex, memberForm: MemberForm): BuiltArchive {
  const { bytes: members, cuts, index } = writeMembers(vendor, memberForm);
  const { text, headerEnd } = index;
  const header = membersOfText(text.subarray(0, headerEnd));
  const bytes = Buffer.concat([header, members, END_MARKER]);
  const moved = cuts.map(({ offset, record }) => ({ offset: offset + header.length, record }));
  const toc = tocOf(index, moved, header.length + members.length);
  return { bytes, toc: { ...toc, size: bytes.length }, text };
}
