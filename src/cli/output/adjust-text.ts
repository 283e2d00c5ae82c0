/** What was told while prices were adjusted, a line a note, for stderr. */
import type { AdjustNote } from '#market/adjust/actions.js';
import type { TickerNote } from '#tasks/adjust/open-adjuster.js';
import { count } from './quantities.js';
import { safeText } from './safe-text.js';

const TOLD = 10;

export function adjustNotes(notes: readonly TickerNote[]): string {
  const lines = notes
    .slice(0, TOLD)
    .map(({ ticker, note }) => `${safeText(`${ticker} ${noteText(note)}`)}\n`);
  const more = notes.length - TOLD;
  return `${lines.join('')}${more > 0 ? `… and ${count(more)} more notes on adjustments.\n` : ''}`;
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
