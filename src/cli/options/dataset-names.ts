/**
 * What --dataset names: datasets by name, prefixes of the vendor's, and patterns (`all`, `stocks_*`). A
 * pattern leaves out trades and quotes, which are a hundred times larger than all else: they are to be named.
 */
import { datasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { datasetNamed } from '#market/datasets/named.js';

export interface NamedDatasets {
  /** Each once, in the order in which they are named. */
  readonly datasets: readonly Dataset[];
  /** Trades and quotes that a pattern fits. */
  readonly leftOut: readonly Dataset[];
  /** The first name or pattern that nothing fits. */
  readonly unknown: string | undefined;
}

export function datasetsNamed(given: string): NamedDatasets {
  const named = new Set<Dataset>();
  const leftOut = new Set<Dataset>();
  let unknown: string | undefined;
  for (const name of namesIn(given)) {
    const fitting = isPattern(name) ? [...datasets.values()].filter(fits(name)) : [];
    const one = datasetNamed(name);
    for (const dataset of fitting) (isHuge(dataset) ? leftOut : named).add(dataset);
    if (one !== undefined) named.add(one);
    else if (fitting.length === 0) unknown ??= name;
  }
  for (const dataset of named) leftOut.delete(dataset);
  return { datasets: [...named], leftOut: [...leftOut], unknown };
}

/** Which datasets the names and patterns fit, trades and quotes included: where nothing is downloaded. */
export function datasetsFitting(given: string): (dataset: Dataset) => boolean {
  const all = namesIn(given).map(fits);
  return (dataset) => all.some((one) => one(dataset));
}

export function namesPattern(given: string): boolean {
  return namesIn(given).some(isPattern);
}

function namesIn(given: string): readonly string[] {
  return given
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

function isPattern(name: string): boolean {
  return name === 'all' || name.includes('*') || name.includes('?');
}

function fits(name: string): (dataset: Dataset) => boolean {
  if (name === 'all') return () => true;
  const pattern = new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
  return (dataset) => pattern.test(dataset.name) || pattern.test(dataset.prefix);
}

function isHuge({ name }: Dataset): boolean {
  return /_(?:trades|quotes|values)$/.test(name);
}
