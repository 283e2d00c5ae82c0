/**
 * On which share basis a row of a stock is: how many shares one of the first has become by its day. Made of
 * the splits until that day alone, so that later ones change nothing before them.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { stocksDaily } from '#market/datasets/stocks.js';
import type { FeatureSet } from '#market/features/formula.js';
import { splits } from '#market/tables/actions.js';
import { sha256 } from '#platform/disk/sha256.js';
import type { FolderLayout } from '#store/folder/layout.js';
import type { Duck } from '#store/lake/duckdb.js';
import { heldTables } from '#store/tables/layout.js';
import { currentView } from '#store/tables/views.js';

export interface ShareBases {
  /** Of every split until that day; undefined where there is none. */
  markUpTo(day: IsoDay): string | undefined;
  /** Rows of `select`, each with `_f`. */
  withBasis(select: string): string;
}

/** Undefined where the set compares no shares, or no split is known. */
export async function shareBases(
  dataset: Dataset,
  { comparesShares }: FeatureSet,
  layout: Pick<FolderLayout, 'dataDir'>,
  duck: () => Promise<Duck>,
): Promise<ShareBases | undefined> {
  if (comparesShares !== true || dataset.name !== stocksDaily.name) return undefined;
  if (!heldTables(layout).includes(splits.name)) return undefined;
  const engine = await duck();
  await engine.run(
    'CREATE OR REPLACE TEMP TABLE split_days AS SELECT ticker, execution_date AS day, product(split_to::DOUBLE / split_from::DOUBLE) AS ratio, ' +
      "string_agg(split_from::VARCHAR || '/' || split_to::VARCHAR, ' ' ORDER BY id) AS said " +
      `FROM (${currentView(splits, layout)}) WHERE ticker IS NOT NULL AND execution_date IS NOT NULL AND split_from > 0 AND split_to > 0 GROUP BY ALL`,
  );
  await engine.run(
    'CREATE OR REPLACE TEMP TABLE share_spans AS SELECT ticker, day, lead(day) OVER w AS next, product(ratio) OVER (w ROWS UNBOUNDED PRECEDING) AS shares ' +
      'FROM split_days WINDOW w AS (PARTITION BY ticker ORDER BY day)',
  );
  const rows = await engine.rows(
    'SELECT ticker, day::VARCHAR AS day, said FROM split_days ORDER BY day, ticker',
  );
  const marks: { readonly day: IsoDay; readonly mark: string }[] = [];
  for (const row of rows) {
    const before = marks.at(-1)?.mark ?? '';
    marks.push({
      day: String(row['day']),
      mark: sha256(`${before}\n${row['ticker']} ${row['day']} ${row['said']}`),
    });
  }
  if (marks.length === 0) return undefined;
  return {
    markUpTo: (day) => marks.findLast((one) => one.day <= day)?.mark,
    withBasis: (select) =>
      `(SELECT b.*, coalesce(s.shares, 1e0) AS _f FROM (${select}) b LEFT JOIN share_spans s ` +
      'ON s.ticker = b.ticker AND b.date >= s.day AND (s.next IS NULL OR b.date < s.next))',
  };
}
