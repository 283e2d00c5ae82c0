/** --tickers and --underlying of a command on one dataset or several: whose each of them is. */
import type { Dataset } from '../flatfile/dataset.js';
import { isTickerOf, tickerIn } from '../tickers/of-dataset.js';
import { UsageError } from './usage-error.js';

/** As the datasets have them, each once. Throws UsageError for one that is none's, or could be several's. */
export function namedTickers(
  flags: Readonly<Record<string, unknown>>,
  datasets: readonly Dataset[],
): readonly string[] {
  const options = datasets.filter(({ series }) => series.of === 'underlying');
  const underlyings = listOf(flags['underlying']);
  const [first] = options;
  if (underlyings.length > 0 && first === undefined)
    throw new UsageError('--underlying is for options: give --dataset options_daily with it.');
  return [
    ...new Set([
      ...listOf(flags['tickers']).map((ticker) => ownName(ticker, datasets)),
      ...(first === undefined ? [] : underlyings.map((root) => tickerIn(first, root))),
    ]),
  ];
}

function listOf(given: unknown): readonly string[] {
  if (given === undefined) return [];
  return String(given)
    .split(',')
    .map((ticker) => ticker.trim())
    .filter(Boolean);
}

/** Stocks have no prefix; where there are none among the datasets, that of the others is meant. */
function ownName(ticker: string, datasets: readonly Dataset[]): string {
  if (datasets.some((dataset) => isTickerOf(dataset, ticker))) return ticker;
  const names = [...new Set(datasets.map((dataset) => tickerIn(dataset, ticker)))];
  const [name = ticker, ...more] = names;
  if (more.length > 0) throw new UsageError(`--tickers ${ticker}: say which, ${names.join(' or ')}.`);
  if (!datasets.some((dataset) => isTickerOf(dataset, name)))
    throw new UsageError(
      `--tickers ${ticker}: ${datasets.map((dataset) => dataset.name).join(' and ')} have no such tickers.`,
    );
  return name;
}
