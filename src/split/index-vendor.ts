/** The index of a text as it came from the vendor: what cannot be one is a damaged transfer. */
import { HeaderError } from '../flatfile/columns.js';
import type { DayRules } from '../flatfile/dataset.js';
import { type DayIndex, DayLimitError, indexDay } from '../flatfile/day-index.js';
import { SourceError } from '../source/errors.js';

/** Throws SourceError 'damaged'. */
export function indexVendor(text: Uint8Array, rules: DayRules): DayIndex {
  try {
    return indexDay(text, rules);
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (error instanceof HeaderError || error instanceof DayLimitError)
      throw new SourceError('damaged', error.message);
    if (typeof code === 'string' && code.startsWith('CSV_'))
      throw new SourceError('damaged', (error as Error).message);
    throw error;
  }
}
