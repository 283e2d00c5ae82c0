/**
 * Types whose newer endpoint the plan denies, from the older one. Several types share one where it has all of
 * them in a record: it is asked once for all.
 */
import { asOlder, ENDPOINT } from '#market/tables/older-endpoint.js';
import type { OlderRecord } from '#market/tables/table-type.js';
import { identifier } from '#store/lake/duckdb.js';
import type { Row } from '#vendors/rest/records.js';
import { type Part, type RunTools, runWindows, type SharedWindow } from './run-bulk.js';
import type { TableLoad } from './table-load.js';
import type { TableWindow } from './window.js';

export interface OlderLoad {
  readonly load: TableLoad;
  readonly windows: readonly TableWindow[];
}

/** `loads`: of one older endpoint, each with one. Throws as runBulk does. */
export async function runOlder(loads: readonly OlderLoad[], tools: RunTools): Promise<void> {
  const [first] = loads;
  const older = first?.load.type.older;
  if (first === undefined || older === undefined) return;
  const shared = new Map<string, { readonly window: TableWindow; readonly parts: Part[] }>();
  for (const { load, windows } of loads) {
    load.outcome.denied = undefined;
    load.outcome.endpoint = older.name;
    for (const window of windows) {
      const name = JSON.stringify([window.name, window.query]);
      const one = shared.get(name) ?? { window: ofOlder(window), parts: [] };
      one.parts.push(partOf(load));
      shared.set(name, one);
    }
  }
  const windows: readonly SharedWindow[] = [...shared.values()];
  const refusal = await runWindows(asOlder(first.load.type, older), windows, tools);
  for (const { outcome, record } of loads.map(({ load }) => load)) {
    record.olderDenied = undefined;
    if (refusal === undefined) continue;
    record.olderDenied = { error: refusal, at: tools.now().toISOString() };
    outcome.denied = record.denied?.error ?? refusal;
    outcome.endpoint = undefined;
    outcome.planned = 0;
  }
}

/** What came from the newer endpoint is not gone because the older lacks it. */
function ofOlder(window: TableWindow): TableWindow {
  const { holdsAll } = window;
  if (holdsAll === undefined) return window;
  return { ...window, holdsAll: `(${holdsAll}) AND ${identifier(ENDPOINT.name)} IS NOT NULL` };
}

function partOf(load: TableLoad): Part {
  const { older } = load.type;
  if (older === undefined) return { load, row: load.reader.row };
  return {
    load,
    older,
    row: (record): Row | undefined => {
      const read = older.record((record ?? {}) as OlderRecord);
      if (read === undefined) return undefined;
      const row = load.reader.row({ ...read.columns, [ENDPOINT.name]: older.name });
      const extra = { ...(row['extra'] as OlderRecord | undefined), ...read.extra };
      return Object.keys(extra).length === 0 ? row : { ...row, extra };
    },
  };
}
