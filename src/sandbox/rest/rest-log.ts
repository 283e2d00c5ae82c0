/** Counts what the REST sandbox was asked. Bounded: a long run does not fill the memory. */
import type { RestLog, RestRequestRecord } from './rest-options.js';
import type { RestType } from './rest-types.js';

const MOST_RECORDS = 20_000;

export interface RestLogbook {
  add(record: RestRequestRecord, bytes: number): void;
  snapshot(): RestLog;
}

export function createRestLog(): RestLogbook {
  const byType = new Map<RestType, number>();
  const records: RestRequestRecord[] = [];
  const totals = { requests: 0, bytes: 0 };
  return {
    add(record, bytes) {
      totals.requests += 1;
      totals.bytes += bytes;
      if (record.type !== undefined) byType.set(record.type, (byType.get(record.type) ?? 0) + 1);
      if (records.length < MOST_RECORDS) records.push(record);
    },
    snapshot: () => ({ ...totals, byType: Object.fromEntries(byType), records: [...records] }),
  };
}
