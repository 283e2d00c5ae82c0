/**
 * The document that `gaps --json` prints, read again: what `backfill --gaps-file` takes. It may have been
 * written or cut by hand. Pure.
 */

import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import type { SessionCalendar } from '#market/calendar/sessions.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { jsonTrouble } from '#platform/disk/json-trouble.js';
import { isHoleState } from './backfill-days.js';
import { type GapRange, HOLE_STATES } from './gap-ranges.js';

const SCHEMA_VERSION = 1;

export type ReadGaps =
  /** By dataset, in the document's order. */
  | { readonly ok: true; readonly gaps: ReadonlyMap<string, readonly GapRange[]> }
  /** What is wrong with it, to stand behind the file's name. */
  | { readonly ok: false; readonly reason: string };

/** Needed of a range are start, end and state; what else is there must fit. Never throws. */
export function readGapsDocument(text: string, datasets: ReadonlyMap<string, Dataset>): ReadGaps {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    return { ok: false, reason: `is not JSON (${jsonTrouble(error, text)})` };
  }
  try {
    return { ok: true, gaps: gapsOf(json, datasets) };
  } catch (error) {
    if (error instanceof Unfit) return { ok: false, reason: error.message };
    throw error;
  }
}

class Unfit extends Error {}

function gapsOf(
  json: unknown,
  known: ReadonlyMap<string, Dataset>,
): ReadonlyMap<string, readonly GapRange[]> {
  const {
    schema_version: version,
    command,
    error,
    datasets,
  } = fieldsOf(json, 'is not what gaps --json wrote');
  if (version !== SCHEMA_VERSION)
    throw new Unfit(`has the schema_version ${shown(version)}, and this barloom knows ${SCHEMA_VERSION}`);
  if (command !== undefined && command !== 'gaps')
    throw new Unfit(`is the document of ${shown(command)}, and not of gaps`);
  if (error !== undefined) throw new Unfit('is of a gaps run that failed: fix that first');
  if (!Array.isArray(datasets)) throw new Unfit('holds no list "datasets"');
  const found = new Map<string, readonly GapRange[]>();
  for (const item of datasets as readonly unknown[]) {
    const { dataset: name, gaps } = fieldsOf(item, 'holds a dataset that is no object');
    const dataset = typeof name === 'string' ? known.get(name) : undefined;
    if (dataset === undefined)
      throw new Unfit(`holds the dataset ${shown(name)}; known are ${[...known.keys()].join(', ')}`);
    if (!Array.isArray(gaps)) throw new Unfit(`holds no list "gaps" for ${dataset.name}`);
    const ranges = (gaps as readonly unknown[]).map((gap) => rangeOf(gap, dataset.calendar));
    found.set(dataset.name, [...(found.get(dataset.name) ?? []), ...ranges]);
  }
  return found;
}

function rangeOf(gap: unknown, calendar: SessionCalendar): GapRange {
  const fields = fieldsOf(gap, `holds the gap ${shown(gap)}, which is no object`);
  const { state, reason = '', accepted } = fields;
  const extra = fields['extra'] === true;
  const dayOf = (day: unknown): IsoDay => gapDay(day, gap, extra ? undefined : calendar);
  const [start, end] = [dayOf(fields['start']), dayOf(fields['end'])];
  if (end < start) throw new Unfit(`holds the gap ${shown(gap)}, which ends before it starts`);
  if (!isHoleState(state))
    throw new Unfit(`holds the gap ${shown(gap)}, whose state is none of ${HOLE_STATES.join(', ')}`);
  if (typeof reason !== 'string' || (accepted !== undefined && typeof accepted !== 'string'))
    throw new Unfit(`holds the gap ${shown(gap)}, whose reason is no text`);
  const sessions = extra ? 0 : calendar.sessions(start, end).length;
  if (fields['sessions'] !== undefined && fields['sessions'] !== sessions)
    throw new Unfit(
      `holds the gap ${shown(gap)}, and from ${start} to ${end} there are ${sessions} sessions`,
    );
  return {
    ...{ start, end, sessions, state, reason },
    ...(extra ? { extra } : {}),
    ...(accepted === undefined ? {} : { accepted }),
  };
}

/** `calendar`: of which it has to be a session. */
function gapDay(day: unknown, gap: unknown, calendar: SessionCalendar | undefined): IsoDay {
  if (typeof day !== 'string' || !isIsoDay(day))
    throw new Unfit(`holds the gap ${shown(gap)}, whose start and end are not both days (YYYY-MM-DD)`);
  if (calendar?.isSession(day) === false) throw new Unfit(`holds ${day}, which is no session`);
  return day;
}

function fieldsOf(value: unknown, otherwise: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unfit(otherwise);
  return value as Readonly<Record<string, unknown>>;
}

/** Short enough for a sentence. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
