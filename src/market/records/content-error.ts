/** Whether a text is no day of records: what indexDay throws of the text itself, and nothing else. */
import { HeaderError } from './columns.js';
import { DayLimitError } from './day-index.js';

export function isContentError(error: unknown): error is Error {
  if (error instanceof HeaderError || error instanceof DayLimitError) return true;
  const { code } = error as { code?: unknown };
  return error instanceof Error && typeof code === 'string' && code.startsWith('CSV_');
}
