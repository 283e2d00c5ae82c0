/**
 * The quick look: how each day file begins and ends, and every series by itself. The archive is not read
 * through.
 */
import { stat } from 'node:fs/promises';
import { isBarADay } from '#market/datasets/series-form.js';
import { readSeriesRows } from '#store/series/read-series.js';
import { seamsOf } from '#store/series/seams.js';
import { leftOutReader } from '#tasks/gaps/left-out.js';
import { checkEnds } from './check-ends.js';
import { fewTickers } from './day-suspicions.js';
import { seriesFile, shownFile } from './files.js';
import { DEFAULT_THRESHOLDS, lookAtHistory } from './history.js';
import { type ArchiveDays, type Look, noteForm, noteSeams, noteUsers } from './look.js';

export async function quickLook(
  { here, held }: ArchiveDays,
  series: readonly string[],
  { folder, dataset, options, context, known, findings }: Look,
): Promise<void> {
  const { layout } = folder;
  const thresholds = options.thresholds ?? DEFAULT_THRESHOLDS;
  const archive = folder.archive(dataset);
  const leftOut = leftOutReader(folder, dataset);
  for (const day of here) {
    const ends = checkEnds(layout, dataset, day);
    findings.damage.push(...ends.damage);
    findings.harmless.push(...ends.harmless);
    findings.checked.bytes += archive.stampOf(day)?.size ?? 0;
    for (const one of leftOut.on(day)) findings.leftOut.push({ day, ...one });
  }
  // Where a ticker has many rows a day, their number says how long the market was open.
  const isBars = isBarADay(dataset.series);
  const counts = (isBars ? here : []).flatMap((day) => {
    const tickers = known.days.get(day)?.rows;
    return tickers === undefined ? [] : [{ day, tickers }];
  });
  findings.suspicions.push(...fewTickers(counts, thresholds));
  for (const ticker of series) {
    context.signal.throwIfAborted();
    const path = seriesFile(layout, dataset, ticker);
    const file = shownFile(layout, path);
    findings.checked.bytes += (await stat(path)).size;
    const parsed = await readSeriesRows(path, dataset.series);
    if (!parsed.ok) {
      findings.damage.push({ kind: 'series-unreadable', file, ticker, what: parsed.reason });
      continue;
    }
    noteForm({ ...parsed, isEmpty: parsed.rows.length === 0 }, file, ticker, findings);
    findings.checked.rows += parsed.rows.length;
    noteUsers(parsed.rows.filter(({ day }) => !held.has(day)).length, findings);
    if (!isBars) continue;
    // Floats, for ratios only.
    const figures = parsed.rows.map(({ values }) => values.split(',').map(Number));
    const history = {
      ticker,
      days: parsed.rows.map(({ day }) => day),
      opens: column(figures, 0),
      highs: column(figures, 1),
      lows: column(figures, 2),
      closes: column(figures, 3),
      volumes: column(figures, 4),
    };
    findings.suspicions.push(...lookAtHistory(history, thresholds));
    noteSeams(
      ticker,
      seamsOf(parsed.rows, (day) => held.has(day)),
      findings,
    );
  }
}

function column(figures: readonly (readonly number[])[], i: number): readonly number[] {
  return figures.map((row) => row[i] ?? Number.NaN);
}
