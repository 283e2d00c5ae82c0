/**
 * What can be asked of in SQL: each dataset that the folder holds under its own name, its features, the tables
 * of the REST API, and what barloom knows of tickers, sessions and days. A view is made when a statement names
 * it first.
 */

import { stocksDaily } from '#market/datasets/stocks.js';
import { datasetsHere } from '#store/archive/datasets-here.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { layerFolder } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';
import { quoteViews } from '#store/quotes/views.js';
import { RATIOS_BESIDE_PRICES } from '#tasks/ratios/beside-prices.js';
import { RATIOS_TABLE } from '#tasks/ratios/build.js';
import {
  FEATURES,
  isHeld,
  makeDataset,
  makeDays,
  makeFeatures,
  makeRatiosBeside,
  makeSessions,
  makeTickers,
  tableOf,
  type ViewOptions,
  viewSql,
} from './own-views.js';
import { heldTableViews, tableViews } from './table-views.js';

export interface Catalog {
  /** Every name there is, ascending. */
  names(): readonly string[];
  /** Makes the views of these names that are not made yet. */
  make(names: ReadonlySet<string>): Promise<void>;
}

interface CatalogOptions extends ViewOptions {
  /** The folder of imported quotes. */
  readonly quotes: string;
}

export function newCatalog(options: CatalogOptions): Catalog {
  const { layout, duck } = options;
  // A session names few tables: what the folder holds of all others is not looked at.
  const known = once(() => datasetsHere(layout));
  const held = once(() => known().filter((dataset) => isHeld(dataset, layout)));
  const tables = once(() => heldTableViews(layout));
  const vendorViews = tableViews(layout, options.asOf);
  const quotes = once(() => quoteViews(options.quotes));

  /** Of what barloom knows itself; undefined where the folder holds no such thing. */
  function own(name: string): Maker | undefined {
    const dataset = known().find((one) => tableOf(one) === name);
    if (dataset !== undefined)
      return isHeld(dataset, layout) ? () => makeDataset(dataset, options) : undefined;
    if (name === RATIOS_BESIDE_PRICES)
      return hasRatiosBeside(layout) ? () => makeRatiosBeside(options, make) : undefined;
    const base = name.endsWith(FEATURES) ? name.slice(0, -FEATURES.length) : undefined;
    if (base !== undefined)
      return known().some((one) => one.name === base) && hasFeatures(base, layout)
        ? () => makeFeatures(base, options)
        : undefined;
    if (name === 'archive_tickers' || name === 'tickers')
      return () => makeTickers(name, held(), options, make);
    if (name === 'sessions') return () => makeSessions(held(), options);
    if (name === 'days') return () => makeDays(held(), options);
    const view = /^quotes(_|$)/.test(name) ? quotes().get(name) : undefined;
    return view === undefined ? undefined : () => duck.run(viewSql(name, view));
  }

  /** Every table of the vendor's can be named; those without a row are not told of. */
  function makerOf(name: string): Maker | undefined {
    const sql = vendorViews.get(name);
    const ours = own(name);
    return sql !== undefined && (ours === undefined || tables().has(name))
      ? () => duck.run(viewSql(name, sql()))
      : ours;
  }

  const made = new Set<string>();
  async function make(wanted: ReadonlySet<string>): Promise<void> {
    for (const name of wanted) {
      if (made.has(name)) continue;
      made.add(name);
      await makerOf(name)?.();
    }
  }
  const names = once(() =>
    [
      ...new Set([
        ...held().map(tableOf),
        ...held().flatMap(({ name }) => (hasFeatures(name, layout) ? [`${name}${FEATURES}`] : [])),
        ...(hasRatiosBeside(layout) ? [RATIOS_BESIDE_PRICES] : []),
        ...quotes().keys(),
        ...['archive_tickers', 'tickers', 'sessions', 'days'],
        ...tables(),
      ]),
    ].sort(),
  );
  return { names, make };
}

type Maker = () => Promise<void>;

/** The value, made when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function hasFeatures(name: string, layout: FolderLayout): boolean {
  return filesIn(layerFolder(layout, 'silver', name)).size > 0;
}

/** Ratios beside the prices of stock days, where both are here. */
function hasRatiosBeside(layout: FolderLayout): boolean {
  return isHeld(stocksDaily, layout) && filesIn(layerFolder(layout, 'silver', RATIOS_TABLE)).size > 0;
}
