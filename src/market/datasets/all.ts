/**
 * The datasets that barloom knows, by name. Adding one is adding a definition beside this file, and its line
 * here.
 */

import { cryptoDaily, cryptoMinute, cryptoTrades } from './crypto.js';
import type { Dataset } from './dataset.js';
import { forexDaily, forexMinute, forexQuotes } from './forex.js';
import { futuresDatasets } from './futures.js';
import { indicesDaily, indicesMinute, indicesValues } from './indices.js';
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
    indicesValues,
    forexDaily,
    forexMinute,
    forexQuotes,
    cryptoDaily,
    cryptoMinute,
    cryptoTrades,
    ...futuresDatasets,
  ].map((dataset) => [dataset.name, dataset]),
);
