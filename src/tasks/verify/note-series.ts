/**
 * What a comparison of a series with the archive means: damage, another form, a correction that is still to
 * come, or nothing.
 */

import { recordedRow } from '#ingest/series/corrections.js';
import type { IsoDay } from '#market/calendar/iso-day.js';
import { isLookedUp } from '#store/ledger/model.js';
import type { ComparedSeries } from './compare-series.js';
import { seriesFile, shownFile } from './files.js';
import { type Look, noteForm, noteSeams, noteUsers } from './look.js';

export function noteSeries(ticker: string, compared: ComparedSeries, look: Look): void {
  const { folder, dataset, known, findings } = look;
  const file = shownFile(folder.layout, seriesFile(folder.layout, dataset, ticker));
  if (compared.unreadable !== undefined) {
    findings.damage.push({ kind: 'series-unreadable', file, ticker, what: compared.unreadable });
    return;
  }
  findings.checked.rows += compared.rows;
  noteUsers(compared.users, findings);
  // A day that the vendor replaced while the ticker was not asked for: the row is the one before, and known
  // to be.
  const waits = (day: IsoDay, values: string | null): boolean => {
    const correct = known.days.get(day)?.correct;
    const recorded = values === null ? null : recordedRow(values, dataset.series);
    return correct !== undefined && Object.hasOwn(correct, ticker) && correct[ticker] === recorded;
  };
  const { misdated } = compared;
  const isUsers = whoseRows(ticker, compared, look);
  const others = compared.wrong.filter(({ day, values }) => !waits(day, values));
  const [kept, wrong] = [
    others.filter(({ day }) => isUsers(day)).map(({ day }) => day),
    others.filter(({ day }) => !isUsers(day)).map(({ day }) => day),
  ];
  if (kept.length > 0) findings.kept.push({ file, ticker, days: kept });
  noteSeams(ticker, compared.seams, findings);
  // A row that was never asked for is not missing.
  const missing = compared.missing.filter((day) => isLookedUp(known, ticker, day) && !waits(day, null));
  if (compared.wrong.length > others.length) findings.waiting.push(ticker);
  const what = whatDiffers(wrong, missing, misdated);
  if (what !== '') findings.damage.push({ kind: 'series-differs', file, ticker, what, wrong, misdated });
  else noteForm({ ...compared, isEmpty: compared.rows === 0 }, file, ticker, findings);
}

/**
 * Whether a row that is not the archive's is the user's, and no damage:
 *
 * | the row                                  | whose          |
 * |------------------------------------------|----------------|
 * | recorded as the user's                   | the user's     |
 * | of a day on which the archive has no bar | the user's     |
 * | the file breaks off in it                | nobody's       |
 * | in a file that is not as barloom left it | the user's     |
 * | in a file that is                        | nobody's       |
 *
 * Bytes that changed under the same size and time are a drive's doing, or a fault of ours.
 */
function whoseRows(
  ticker: string,
  { cut, barless }: ComparedSeries,
  { known, theirs }: Look,
): (day: IsoDay) => boolean {
  return (day) =>
    known.days.get(day)?.users?.includes(ticker) === true ||
    barless.has(day) ||
    (theirs.has(ticker) && day !== cut);
}

/** '' where nothing does. */
function whatDiffers(
  wrong: readonly IsoDay[],
  missing: readonly IsoDay[],
  misdated: ComparedSeries['misdated'],
): string {
  const rows = (days: readonly IsoDay[]): string => (days.length === 1 ? '1 row' : `${days.length} rows`);
  const first = (days: readonly IsoDay[]): string => `${days.length === 1 ? '' : 'first '}${days[0]}`;
  const elsewhere = new Set(misdated.map(({ of }) => of));
  const gone = missing.filter((day) => !elsewhere.has(day));
  return [
    ...(wrong.length > 0 ? [`${rows(wrong)} not as in the archive (${first(wrong)})`] : []),
    ...(gone.length > 0 ? [`${rows(gone)} lacking (${first(gone)})`] : []),
    ...misdated.map(({ day, of }) => `the row of ${of} is dated ${day}`),
  ].join(', ');
}
