/** Hooks round the body of an answer, for guards that count or release. */
import type { BodyStream } from './request.js';

/**
 * The same answer, with `onChunk` given the bytes of each chunk and `onEnd` called once: when the body is
 * read to its end, fails, is abandoned by its reader, or is cancelled.
 */
export function observeBody<T extends BodyStream>(
  stream: T,
  hooks: { readonly onChunk?: (bytes: number) => void; readonly onEnd?: () => void },
): T {
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    hooks.onEnd?.();
  };
  async function* observed(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of stream.body) {
        hooks.onChunk?.(chunk.byteLength);
        yield chunk;
      }
    } finally {
      end();
    }
  }
  return {
    ...stream,
    body: { [Symbol.asyncIterator]: observed },
    cancel: () => {
      stream.cancel();
      end();
    },
  };
}
