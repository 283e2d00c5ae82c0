/** What show draws and counts: a bar of one session or of several together. Its numbers are decimal text, so sums stay exact. */
import type { IsoDay } from '../calendar/iso-day.js';
import { isDecimal, plainDecimal } from '../flatfile/decimal.js';
import type { Row } from '../series/row.js';

export interface Bar {
  /** First and last day that it has a row of; the same for a single session. */
  readonly start: IsoDay;
  readonly end: IsoDay;
  /** How many rows went into it. */
  readonly sessions: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

/** Undefined where a value is not a number that can be drawn: rows of the user's hold anything (`NaN`, nothing). */
export function barOf({ day, values }: Row): Bar | undefined {
  const texts = values.split(',');
  if (texts.length !== 5 || !texts.every(isDrawable)) return undefined;
  const [open = '', high = '', low = '', close = '', volume = ''] = texts.map(plainDecimal);
  return { start: day, end: day, sessions: 1, open, high, low, close, volume };
}

function isDrawable(text: string): boolean {
  return isDecimal(text) && Number.isFinite(Number(text));
}
