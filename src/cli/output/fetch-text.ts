/** What fetch is doing and what it came to, for people. */
import type { FetchEvent } from '#ingest/tables/events.js';
import type { TypeOutcome } from '#ingest/tables/outcome.js';
import { TABLES } from '#market/tables/all.js';
import type { FetchPlan } from '#tasks/fetch/dry-run.js';
import type { FetchResult } from '#tasks/fetch/fetch.js';
import { paragraph } from './paragraph.js';
import { bytes, count, counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';

/** A line on stderr while it runs. */
export function fetchLine(event: Exclude<FetchEvent, { type: 'planned' | 'arrived' }>): string {
  switch (event.type) {
    case 'window':
      return `${event.table} ${event.window}: ${counted(event.rows, 'row')}${changes(event)}, ${(event.ms / 1000).toFixed(1)} s`;
    case 'problem':
      return safeText(`${event.table} ${event.window}: ${event.message}`);
    case 'batch':
      return `${event.table}: ${count(event.done)} of ${counted(event.of, 'ticker')}`;
    case 'note':
      return safeText(event.message);
  }
}

function changes({
  added,
  changed,
  gone,
}: {
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
}): string {
  return [
    ...(added > 0 ? [`, ${count(added)} new`] : []),
    ...(changed > 0 ? [`, ${count(changed)} changed`] : []),
    ...(gone > 0 ? [`, ${count(gone)} gone`] : []),
  ].join('');
}

/** How many windows or tickers that failed are named. */
const NAMED = 3;
const NAME_WIDTH = 19;

export interface FetchTotals {
  readonly requests: number;
  readonly bytes: number;
  readonly seconds: number;
}

export function fetchText({ types, tickers, unknownTickers }: FetchResult, totals: FetchTotals): string {
  const lines = types.flatMap(typeLines);
  for (const { ticker, rows } of tickers) {
    const parts = Object.entries(rows).map(([type, n]) => `${TABLES.get(type)?.short ?? type}=${n}`);
    lines.push(safeText(`${ticker}: ${parts.join(', ')}`));
  }
  for (const ticker of unknownTickers) lines.push(safeText(`${ticker}: the vendor has no such ticker`));
  lines.push(`${counted(totals.requests, 'request')}, ${bytes(totals.bytes)}, ${duration(totals.seconds)}`);
  return `${lines.join('\n')}\n`;
}

function typeLines(outcome: TypeOutcome): readonly string[] {
  const { type, planned, done, rows, denied, endpoint, failed, undated, conflicting, unknownFields } =
    outcome;
  const name = type.padEnd(NAME_WIDTH);
  if (denied !== undefined) return indented(name, `denied by the plan: ${denied}`);
  const what =
    planned === 0
      ? 'nothing to ask: it is as new as it should be'
      : `${counted(rows, 'row')} in ${counted(done.length, part(type))}${changes(outcome)}`;
  const strange = Object.entries(unknownFields).map(([field, n]) => `${field} (${count(n)})`);
  return [
    ...indented(name, what),
    ...(endpoint === undefined ? [] : indented('', `from the older ${endpoint}: the plan denies the newer`)),
    ...(undated > 0 ? indented('', `${counted(undated, 'row')} without a date, kept as undated`) : []),
    ...(conflicting > 0 ? indented('', `${counted(conflicting, 'record')} came twice and differed`) : []),
    ...(strange.length > 0 ? indented('', `fields that are new: ${strange.join(', ')}; kept in extra`) : []),
    ...failed.slice(0, NAMED).flatMap((one) => indented('', `failed: ${one.name}: ${one.error}`)),
    ...(failed.length > NAMED ? indented('', `and ${count(failed.length - NAMED)} more`) : []),
  ];
}

function part(type: string): string {
  return TABLES.get(type)?.windows.kind === 'tickers' ? 'answer' : 'window';
}

/** Broken at words, the text below itself. */
function indented(name: string, text: string): readonly string[] {
  const [first = '', ...rest] = paragraph(safeText(text), ' '.repeat(NAME_WIDTH));
  return [`${name.padEnd(NAME_WIDTH)}${first.slice(NAME_WIDTH)}`, ...rest];
}

/** For --dry-run. */
export function fetchPlanText({ types, requests, minutes }: FetchPlan): string {
  const lines = types.flatMap(({ type, windows, tickers, requests: n, denied }) => {
    if (denied !== null) return indented(type, `denied by the plan: ${denied}`);
    if (windows.length + tickers === 0) return indented(type, 'nothing to ask');
    const parts = [
      ...(windows.length > 0 ? [counted(windows.length, 'window')] : []),
      ...(tickers > 0 ? [counted(tickers, 'ticker')] : []),
    ];
    return indented(type, `${parts.join(', ')}: about ${counted(n, 'request')}`);
  });
  const time = minutes === null ? '' : `, ${count(Math.ceil(minutes))} min at this rate`;
  return `${[...lines, `about ${counted(requests, 'request')}${time}`].join('\n')}\n`;
}
