/** The index of a text as it came from the vendor: what cannot be one is a damaged transfer. */

import type { DayRules } from '#market/datasets/dataset.js';
import { isContentError } from '#market/records/content-error.js';
import { type DayIndex, indexDay } from '#market/records/day-index.js';
import { SourceError } from '#platform/http/source-error.js';

/** Throws SourceError 'damaged'. */
export function indexVendor(text: Uint8Array, rules: DayRules): DayIndex {
  try {
    return indexDay(text, rules);
  } catch (error) {
    throw isContentError(error) ? new SourceError('damaged', error.message) : error;
  }
}
