/** A day's archive file before it has its final name. */
import type { FileStamp } from '#platform/disk/durable.js';
import type { DayToc } from '#store/archive/toc.js';

export interface PreparedFile {
  /** Its name until then; durable. */
  readonly temporary: string;
  readonly stamp: FileStamp;
  readonly toc: DayToc;
}
