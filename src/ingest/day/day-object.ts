/** A day's object as plain data, in the words of progress.json. */
import type { ListedObject, ObjectStream } from '#platform/s3/port.js';

/** As it was fetched: bytes, ETag, LastModified (ISO 8601). */
export interface FetchedObject {
  readonly size: number;
  readonly etag?: string;
  readonly last_modified?: string;
}

export interface DayObject extends FetchedObject {
  readonly key: string;
}

export function dayObject({ key, size, etag, lastModified }: ListedObject): DayObject {
  return { key, ...objectOf(size, etag, lastModified?.toISOString()) };
}

/** What arrived, which may be newer than what was listed. */
export function fetchedObject(
  size: number,
  stream: Pick<ObjectStream, 'etag' | 'lastModified'>,
  listed: DayObject,
): FetchedObject {
  return objectOf(
    size,
    stream.etag ?? listed.etag,
    stream.lastModified?.toISOString() ?? listed.last_modified,
  );
}

function objectOf(size: number, etag: string | undefined, lastModified: string | undefined): FetchedObject {
  return {
    size,
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { last_modified: lastModified }),
  };
}

/** Whether the answer is of the object that was listed, as far as both say so. */
export function isListed({ etag }: Pick<ObjectStream, 'etag'>, listed: DayObject): boolean {
  return etag === undefined || listed.etag === undefined || etag === listed.etag;
}
