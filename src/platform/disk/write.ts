/** Writing all of it: the system may take less at a time. */
import { writeSync } from 'node:fs';

/** At `offset` of the file; without one where the descriptor stands. Throws the disk's error. */
export function writeFully(descriptor: number, content: Uint8Array, offset?: number): void {
  for (let at = 0; at < content.length; ) {
    const place = offset === undefined ? null : offset + at;
    at += writeSync(descriptor, content, at, content.length - at, place);
  }
}
