/** What was told while prices were adjusted, a line a note, for stderr. */

import type { AdjustNote } from '#market/adjust/actions.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { TickerNote } from '#tasks/adjust/open-adjuster.js';
import { count, counted } from './quantities.js';
import { safeText } from './safe-text.js';

const TOLD = 10;

export function adjustNotes(notes: readonly TickerNote[]): string {
  const lines = linesOf(notes);
  const more = lines.length - TOLD;
  const told = lines.slice(0, TOLD).map((line) => `${safeText(line)}\n`);
  return `${told.join('')}${more > 0 ? `… and ${count(more)} more notes on adjustments.\n` : ''}`;
}

/**
 * Dividends of before the prices that are here begin are many, and one line a ticker. Factors are cumulative:
 * what differs once differs for all before.
 */
function linesOf(notes: readonly TickerNote[]): readonly string[] {
  const early = new Map<string, IsoDay[]>();
  const differing = new Map<string, TickerNote[]>();
  const others: string[] = [];
  for (const { ticker, note } of notes) {
    if (note.kind === 'factor differs from the vendor') {
      const key = `${ticker} ${note.of}`;
      const before = differing.get(key) ?? [];
      differing.set(key, [...before, { ticker, note }]);
    } else if (note.kind !== 'dividend ignored: no close before') others.push(`${ticker} ${noteText(note)}`);
    else early.set(ticker, [...(early.get(ticker) ?? []), note.day].sort());
  }
  const lines = Array.from(early, ([ticker, days]) => {
    const [first = '', last = first] = [days[0], days.at(-1)];
    const which =
      days.length === 1
        ? `the dividend of ${first} has`
        : `${counted(days.length, 'dividend')} of ${first} to ${last} have`;
    return `${ticker}: ${which} no close here before the ex-date; ignored.`;
  });
  const differences = Array.from(differing.values(), (all) => {
    const { ticker, note } = all.reduce((best, one) => (one.note.day > best.note.day ? one : best));
    const more =
      all.length === 1 ? '' : ` It differs for ${count(all.length - 1)} more before, which contain it.`;
    return `${ticker} ${noteText(note)}${more}`;
  });
  return [...differences, ...others, ...lines];
}

export function noteText(note: AdjustNote): string {
  switch (note.kind) {
    case 'split ignored: no ratio':
      return `${note.day}: the split from ${note.from || 'nothing'} to ${note.to || 'nothing'} is no ratio; ignored.`;
    case 'dividend ignored: no amount':
      return `${note.day}: the dividend of ${note.cash || 'nothing'} is no amount; ignored.`;
    case 'dividend ignored: not below the price':
      return `${note.day}: the dividend of ${note.cash} is not below the close of ${note.close}; ignored.`;
    case 'dividend ignored: other currency':
      return `${note.day}: the dividend is in ${note.currency}; ignored, for there is no rate.`;
    case 'dividend ignored: no close before':
      return `${note.day}: no close is here before the ex-date; the dividend is ignored.`;
    case 'close long before the ex-date':
      return `${note.day}: the last close before the ex-date is of ${note.close}, ${note.sessions} sessions back.`;
    case 'factor differs from the vendor':
      return `${note.day}: the factor of the ${note.of} is ${note.ours.toFixed(6)}, the vendor's ${note.vendors.toFixed(6)}.`;
  }
}
