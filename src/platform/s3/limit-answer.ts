/**
 * A bound on the body of a listing, which the SDK reads into memory whole, however long it is: a server or a
 * proxy that sends without end would fill the memory within seconds.
 */
import { pipeline, Readable, Transform } from 'node:stream';
import { SourceError } from '#platform/http/source-error.js';

/**
 * A page holds at most 1,000 keys of at most 1,024 bytes: 4 MB with every byte escaped and the rest of the
 * XML.
 */
const MOST_BYTES = 8 << 20;

/** The same answer, whose body ends in an error where it is longer than any page. `what` was asked for. */
export function limitAnswer<T extends { readonly response: { body?: unknown } }>(answer: T, what: string): T {
  const { response } = answer;
  if (!(response.body instanceof Readable)) return answer;
  let bytes = 0;
  const limited = new Transform({
    transform(chunk: Uint8Array, _, done) {
      bytes += chunk.byteLength;
      if (bytes > MOST_BYTES)
        done(new SourceError('server', `${what}: an answer of more than ${MOST_BYTES >> 20} MB.`));
      else done(null, chunk);
    },
  });
  pipeline(response.body, limited, () => undefined); // whoever reads it gets the error
  response.body = limited;
  return answer;
}
