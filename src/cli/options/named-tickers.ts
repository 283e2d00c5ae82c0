/** --tickers and --underlying of a command on one dataset or several: whose each of them is. */

import { UsageError } from '#cli/usage-error.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { parseOcc } from '#market/tickers/occ.js';
import { hasPrefix, isTickerOf, otherOwners, tickerIn, withoutPrefix } from '#market/tickers/of-dataset.js';
import { vendorSpelling } from '#market/tickers/vendor-spelling.js';

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
      ...(first === undefined
        ? []
        : underlyings.map((root) => checkedUnderlying('--underlying', root, tickerIn(first, root)))),
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
function ownName(given: string, datasets: readonly Dataset[]): string {
  const ticker = vendorSpelling(given);
  const owner = datasets.find((dataset) => isTickerOf(dataset, ticker));
  if (owner !== undefined) return checked(ticker, ticker, owner);
  if (hasPrefix(ticker)) throw noneOf(datasets, ticker);
  const names = [...new Set(datasets.map((dataset) => tickerIn(dataset, ticker)))];
  const [name = ticker, ...more] = names;
  if (more.length > 0) throw new UsageError(`--tickers ${ticker}: say which, ${names.join(' or ')}.`);
  const [dataset] = datasets;
  if (dataset === undefined) throw noneOf(datasets, ticker);
  return checked(ticker, name, dataset);
}

function noneOf(datasets: readonly Dataset[], ticker: string): UsageError {
  const names = datasets.map(({ name }) => name);
  const [owner] = datasets.slice(0, 1).flatMap((dataset) => otherOwners(dataset, ticker));
  const where = owner === undefined ? '' : `: give -t ${owner}`;
  return new UsageError(
    `--tickers ${ticker}: ${names.join(' and ')} ${names.length > 1 ? 'have' : 'has'} no such tickers${where}.`,
  );
}

function checked(given: string, name: string, { series }: Dataset): string {
  return series.of === 'underlying' ? checkedUnderlying('--tickers', given, name) : name;
}

/** A root as the Options Clearing Corporation forms it, without the digits that count adjustments. */
const UNDERLYING = /^(?:[A-Z0-9]{0,5}[A-Z]|\d{1,6})$/;

/**
 * Throws UsageError for what no contract can be on: nothing would ever be found, and nothing would say why.
 */
function checkedUnderlying(option: string, given: string, name: string): string {
  const root = withoutPrefix(name);
  if (UNDERLYING.test(root)) return name;
  const contract = parseOcc(name);
  if (contract !== undefined)
    throw new UsageError(`${option} ${given} is a contract: say what it is on, ${contract.underlying}.`);
  const adjusted = root.replace(/\d+$/, '');
  if (UNDERLYING.test(adjusted))
    throw new UsageError(
      `${option} ${given}: its contracts stand in the series of the underlying, ${adjusted}.`,
    );
  const meant = withoutPrefix(root)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  throw new UsageError(
    `${option} ${given}: what options are on is at most six capital letters and digits${UNDERLYING.test(meant) ? `: ${meant}` : ''}.`,
  );
}
