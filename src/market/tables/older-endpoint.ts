/**
 * Endpoints of the vendor's older generation that have a table's records in another shape. They come with
 * plans that lack the newer ones. Source: the vendor's OpenAPI document.
 */
import type { Field, OlderEndpoint, TableType } from './table-type.js';

/** Where a record came from: null from the endpoint that the table is named for. It tells no records apart. */
export const ENDPOINT: Field = { name: 'endpoint', kind: 'text' };

/**
 * The table as it is asked for there: by the same ranges. Lists beside the ranges and weekly comparisons are
 * left out: pages are small there.
 */
export function asOlder(type: TableType, older: OlderEndpoint): TableType {
  const { windows } = type;
  const { path, pageSize, sort, byTicker } = older;
  return {
    ...type,
    ...(windows.kind === 'dated' && { windows: rangesAlone(windows) }),
    path,
    ...(pageSize !== undefined && { pageSize }),
    ...(sort !== undefined && { sort }),
    ...(byTicker !== undefined && { byTicker }),
  };
}

function rangesAlone<T extends { readonly beside?: unknown; readonly weekly?: unknown }>(
  windows: T,
): Omit<T, 'beside' | 'weekly'> {
  const { beside: _, weekly: _w, ...ranges } = windows;
  return ranges;
}
