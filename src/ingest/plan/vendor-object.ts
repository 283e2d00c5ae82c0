/** The vendor's object of a day, beside what is recorded of the one that was processed. Pure. */

import type { ListedObject } from '#platform/s3/port.js';
import type { DayRecord } from '#store/ledger/model.js';

/**
 * Whether the file that was processed is still the listed one; without a listing nothing speaks against it.
 */
export function sameObject(record: DayRecord, object: ListedObject | undefined): boolean {
  if (object === undefined) return true;
  if (record.size !== object.size) return false;
  if (record.etag !== undefined && object.etag !== undefined) return record.etag === object.etag;
  return record.last_modified === object.lastModified?.toISOString();
}

/** What a listing says of an object, as a record keeps it. */
export function objectRecord(
  object: Omit<ListedObject, 'key'> | undefined,
): Pick<DayRecord, 'size' | 'etag' | 'last_modified'> {
  if (object === undefined) return {};
  return {
    size: object.size,
    ...(object.etag === undefined ? {} : { etag: object.etag }),
    ...(object.lastModified === undefined ? {} : { last_modified: object.lastModified.toISOString() }),
  };
}
