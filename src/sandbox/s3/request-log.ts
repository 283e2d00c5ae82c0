/**
 * Counts what the sandbox was asked, for tests that promise "nothing is fetched twice". Bounded: a long run
 * does not fill the memory.
 */
import type { RequestLog, RequestRecord } from '#sandbox/options.js';

const MOST_RECORDS = 20_000;

export interface RequestLogbook {
  /** `bytes`: length of the body that the answer has. */
  add(record: RequestRecord, bytes: number): void;
  snapshot(): RequestLog;
}

export function createRequestLog(): RequestLogbook {
  const getsByKey = new Map<string, number>();
  const records: RequestRecord[] = [];
  const totals = { lists: 0, gets: 0, heads: 0, bytes: 0 };
  return {
    add(record, bytes) {
      totals.bytes += bytes;
      if (record.operation === 'list') totals.lists += 1;
      if (record.operation === 'head') totals.heads += 1;
      if (record.operation === 'get') {
        totals.gets += 1;
        getsByKey.set(record.key, (getsByKey.get(record.key) ?? 0) + 1);
      }
      if (records.length < MOST_RECORDS) records.push(record);
    },
    snapshot: () => ({ ...totals, getsByKey: Object.fromEntries(getsByKey), records: [...records] }),
  };
}
