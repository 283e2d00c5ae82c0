/** Days as people say them on a command line: `today`, `yesterday`, a month, a year. */
import { addDays, type IsoDay, isIsoDay } from './iso-day.js';

/**
 * The day that is meant: of a month or a year its first or its last, by the `side` of a range that it is.
 * Undefined where the text is no day.
 */
export function spokenDay(text: string, side: 'start' | 'end', today: IsoDay): IsoDay | undefined {
  if (text === 'today') return today;
  if (text === 'yesterday') return addDays(today, -1);
  const [first, last] = /^\d{4}$/.test(text) ? [`${text}-01`, `${text}-12`] : [text, text];
  if (!/^\d{4}-\d{2}$/.test(first)) return isIsoDay(text) ? text : undefined;
  return side === 'start' ? firstOf(first) : lastOf(last);
}

function firstOf(month: string): IsoDay | undefined {
  const day = `${month}-01`;
  return isIsoDay(day) ? day : undefined;
}

function lastOf(month: string): IsoDay | undefined {
  return ['31', '30', '29', '28'].map((date) => `${month}-${date}`).find(isIsoDay);
}
