import { describe, expect, it } from 'vitest';
import { collect } from '#platform/guard/collect.js';
import { SourceError } from '#platform/http/source-error.js';
import type { ObjectStream } from '#platform/s3/port.js';
import { expectKind } from '../../vendors/flatfiles/conformance.js';

function streamOf(chunks: readonly (string | Error)[], contentLength?: number) {
  const seen = { cancelled: 0, read: 0 };
  const stream: ObjectStream = {
    contentLength,
    etag: undefined,
    lastModified: undefined,
    body: (async function* () {
      for (const chunk of chunks) {
        seen.read += 1;
        if (chunk instanceof Error) throw chunk;
        yield Buffer.from(chunk);
      }
    })(),
    cancel: () => {
      seen.cancelled += 1;
    },
  };
  return { stream, seen };
}

describe('collect', () => {
  it.each([[6], [undefined]])(
    'gives a buffer of its own, of exactly the size (announced: %s)',
    async (announced) => {
      const { stream, seen } = streamOf(['ab', '', 'cdef'], announced);
      const bytes = await collect(stream, { maxBytes: 6 });
      expect(Buffer.from(bytes).toString()).toBe('abcdef');
      expect([bytes.byteOffset, bytes.buffer.byteLength]).toEqual([0, 6]);
      expect(structuredClone(bytes, { transfer: [bytes.buffer] }).length).toBe(6);
      expect(seen.cancelled).toBe(0);
    },
  );

  it.each<[string, readonly string[], number | undefined, number | undefined, number, RegExp, number]>([
    ['shorter than announced', ['abc'], 5, undefined, 100, /3 bytes received, 5 expected/, 1],
    ['longer than announced', ['abc', 'def', 'ghi'], 5, undefined, 100, /6 bytes received, 5 expected/, 2],
    ['announced otherwise than listed', ['abc'], 3, 4, 100, /3 bytes announced, 4 listed/, 0],
    ['shorter than listed', ['abc'], undefined, 4, 100, /3 bytes received, 4 expected/, 1],
    ['longer than listed', ['abc', 'def'], undefined, 4, 100, /6 bytes received, 4 expected/, 2],
    ['announced beyond the limit', ['abc'], 3, undefined, 2, /3 bytes announced, the limit is 2/, 0],
    ['beyond the limit', ['ab', 'cd', 'ef'], undefined, undefined, 3, /4 bytes received, the limit is 3/, 2],
  ])('refuses a body %s', async (_, chunks, announced, expectedSize, maxBytes, message, read) => {
    const { stream, seen } = streamOf(chunks, announced);
    const error = await expectKind(collect(stream, { maxBytes, expectedSize }), 'damaged');
    expect(error.message).toMatch(message);
    expect(seen).toEqual({ cancelled: 1, read });
  });

  it('passes on what broke the body, and cancels', async () => {
    const broken = new SourceError('network', 'broken');
    const { stream, seen } = streamOf(['abc', broken], 6);
    await expect(collect(stream, { maxBytes: 6 })).rejects.toBe(broken);
    expect(seen.cancelled).toBe(1);
  });
});
