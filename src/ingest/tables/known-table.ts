/**
 * What a plan may take as loaded. What came from an older endpoint is no load of the newer one, which has more
 * of the same records; the other way round it is.
 */
import type { OlderEndpoint, TableType } from '#market/tables/table-type.js';
import type { TableRecord } from '#store/tables/record.js';
import type { KnownTable } from './plan-table.js';

export function knownTo(record: TableRecord, older: OlderEndpoint | undefined): KnownTable {
  const { windows, tickers, lookedAt, olderLookedAt } = record;
  if (older !== undefined)
    return {
      windows,
      tickers,
      lookedAt: [lookedAt, olderLookedAt]
        .filter((day) => day !== undefined)
        .sort()
        .at(-1),
    };
  return { windows: newerOf(windows), tickers: newerOf(tickers), lookedAt };
}

function newerOf<T extends { readonly endpoint?: string }>(
  all: ReadonlyMap<string, T>,
): ReadonlyMap<string, T> {
  return new Map([...all].filter(([, { endpoint }]) => endpoint === undefined));
}

/** The older endpoint of a type whose newer one the plan denies, once something came from it. */
export function olderInUse({ older }: TableType, record: TableRecord): OlderEndpoint | undefined {
  if (record.denied === undefined || record.olderDenied !== undefined) return undefined;
  const came = [...record.windows.values(), ...record.tickers.values()];
  return came.some(({ endpoint }) => endpoint !== undefined) ? older : undefined;
}
