/**
 * The text of a day file of the archive, blocked or plain gzip, a stretch at a time: memory does not grow
 * with the day.
 */
import type { DayRules } from '#market/datasets/dataset.js';
import { checkTextLength, END_MARKER, isMember } from './bgzf.js';
import { type OpenDayFile, readAt } from './day-file.js';
import { gunzipTexts } from './gunzip-stream.js';
import { membersOfFile } from './member-stream.js';

export function isBlocked(open: OpenDayFile): boolean {
  return isMember(readAt(open, 0, Math.min(open.size, END_MARKER.length)));
}

/** Each text valid until the next is asked for. Throws ArchiveDamage or the disk's error. */
export function* textsOfDay(open: OpenDayFile, limits: DayRules): Generator<Uint8Array> {
  if (isBlocked(open)) {
    for (const { text } of membersOfFile(open, limits)) yield text;
    return;
  }
  let offset = 0;
  const next = (target: Uint8Array): number => {
    const read = open.read(offset, target);
    offset += read;
    return read;
  };
  let length = 0;
  for (const text of gunzipTexts(next)) {
    length += text.length;
    checkTextLength(length, limits);
    yield text;
  }
}
