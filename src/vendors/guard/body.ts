/** Hooks round an ObjectStream's body, for wrappers that count, time or release. */
import type { ObjectStream } from '#vendors/flatfiles/port.js';

/**
 * The same stream, with `onChunk` told the bytes of each chunk and `onEnd` called once: when the body is read to its end,
 * fails, is abandoned by its reader, or is cancelled.
 */
export function observeBody(
  stream: ObjectStream,
  hooks: { readonly onChunk?: (bytes: number) => void; readonly onEnd?: () => void },
): ObjectStream {
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
