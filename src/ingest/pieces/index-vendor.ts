/** The index of a text as it came from the vendor: what cannot be one is a damaged transfer. */

import type { DayRules } from '#market/datasets/dataset.js';
import { HeaderError } from '#market/records/columns.js';
import { type DayIndex, DayLimitError, indexDay } from '#market/records/day-index.js';
import { SourceError } from '#platform/http/source-error.js';

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
