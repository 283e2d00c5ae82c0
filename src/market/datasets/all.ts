/** The datasets that barloom knows, by name. Adding one is adding a definition beside this file, and its line here. */

import { cryptoDaily, cryptoMinute } from './crypto.js';
import type { Dataset } from './dataset.js';
import { forexDaily, forexMinute } from './forex.js';
import { indicesDaily, indicesMinute } from './indices.js';
import { optionsDaily, optionsMinute, optionsQuotes, optionsTrades } from './options.js';
import { stocksDaily, stocksMinute, stocksQuotes, stocksTrades } from './stocks.js';

export { stocksDaily };

export const datasets: ReadonlyMap<string, Dataset> = new Map(
  [
    stocksDaily,
    stocksMinute,
    stocksTrades,
    stocksQuotes,
    optionsDaily,
    optionsMinute,
    optionsTrades,
    optionsQuotes,
    indicesDaily,
    indicesMinute,
    forexDaily,
    forexMinute,
    cryptoDaily,
    cryptoMinute,
  ].map((dataset) => [dataset.name, dataset]),
);
