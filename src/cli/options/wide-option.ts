/** `--wide [--columns NAME]`: a table with a column a ticker, and which value of the bars it is of. */
import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { hasBars } from '#market/datasets/series-form.js';

export interface WideWish {
  /** As the column is called. */
  readonly name: string;
  /** It stands in the series, or in the bars made of them; otherwise it is one of the vendor's columns alone. */
  readonly ofSeries: boolean;
}

/** `columns`: those that the lines would have. Undefined where no such table is asked for. Throws UsageError. */
export function wideOption(
  flags: Readonly<Record<string, unknown>>,
  { name: dataset, series }: Dataset,
  columns: readonly string[],
): WideWish | undefined {
  if (flags['wide'] !== true) return undefined;
  if (series.of !== 'ticker' || !hasBars(series))
    throw new UsageError(`--wide has a column a ticker, of bars, and ${dataset} has none.`);
  const wanted = String(flags['columns'] ?? 'close').trim();
  if (wanted === '' || wanted.includes(','))
    throw new UsageError('--wide is a table of one value: give --columns close, or another one, alone.');
  const own = columns.slice(1).find((column) => column.toLowerCase() === wanted.toLowerCase());
  return { name: own ?? wanted, ofSeries: own !== undefined };
}
