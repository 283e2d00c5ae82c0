/**
 * Zero bytes between gzip's members are padding and what follows is read; anything else behind a member is
 * damage; nothing is complete with a part.
 */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gunzipBody } from '#platform/gzip/gunzip-body.js';
import { gunzipWhole } from '#platform/gzip/gunzip-whole.js';
import { gunzipTexts } from '#store/archive/gunzip-stream.js';

type Way = (gzip: Uint8Array, step: number) => Promise<Buffer>;

const ways: readonly (readonly [string, Way])[] = [
  ['whole', async (gzip) => gunzipWhole(gzip, { maxOutputLength: 1 << 24 })],
  [
    'as it arrives',
    async (gzip, step) => {
      const texts: Uint8Array[] = [];
      for await (const text of gunzipBody(chunksOf(gzip, step), {})) texts.push(text);
      return Buffer.concat(texts);
    },
  ],
  [
    'out of the archive',
    async (gzip, step) => {
      let at = 0;
      const texts: Uint8Array[] = [];
      const read = (target: Uint8Array): number => {
        const part = gzip.subarray(at, at + Math.min(step, target.length));
        target.set(part);
        at += part.length;
        return part.length;
      };
      for (const text of gunzipTexts(read)) texts.push(Uint8Array.from(text));
      return Buffer.concat(texts);
    },
  ],
];

async function* chunksOf(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}

const parts = fc.array(
  fc.record({
    text: fc.oneof(
      fc.string({ maxLength: 300 }),
      fc.nat(70_000).map((length) => 'AAPL,1.5\n'.repeat(length >> 3)),
    ),
    zeros: fc.oneof(fc.constant(0), fc.nat(20), fc.constantFrom(512, 9000)),
  }),
  { minLength: 1, maxLength: 4 },
);
const steps = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(512, 4096, 1 << 20));

test.each(ways)('%s: every member is read, however many zeros stand between them', async (_, way) => {
  await fc.assert(
    fc.asyncProperty(parts, steps, async (members, step) => {
      const gzip = Buffer.concat(members.flatMap(({ text, zeros }) => [gzipSync(text), Buffer.alloc(zeros)]));
      const text = members.map((member) => member.text).join('');
      expect((await way(gzip, step)).toString()).toBe(text);
    }),
    { numRuns: 60 },
  );
});

test.each(ways)('%s: what is no member behind one, or a member cut off, is damage', async (_, way) => {
  const member = gzipSync('AAPL,1.5\n'.repeat(1000));
  for (const zeros of [0, 1, 600]) {
    const head = Buffer.concat([member, Buffer.alloc(zeros)]);
    for (const tail of [Buffer.from('x'), Buffer.from([31, 139]), member.subarray(0, -1), member.subarray(1)])
      for (const step of [1, 100, 1 << 20])
        await expect(
          way(Buffer.concat([head, tail]), step),
          `${zeros} ${tail.length} ${step}`,
        ).rejects.toThrow();
  }
});

test('the limit holds for all members together', () => {
  const gzip = Buffer.concat([
    gzipSync('a'.repeat(60)),
    Buffer.alloc(4),
    gzipSync('b'.repeat(40)),
    gzipSync('c'),
  ]);
  expect(gunzipWhole(gzip, { maxOutputLength: 101 })).toHaveLength(101);
  expect(() => gunzipWhole(gzip, { maxOutputLength: 100 })).toThrow(
    expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }),
  );
});

test('a body that breaks is told as it broke, also behind the last member', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield gzipSync('text');
    yield Buffer.alloc(9);
    throw new Error('the wire broke');
  }
  const read = async (): Promise<void> => {
    for await (const _ of gunzipBody(broken(), {}));
  };
  await expect(read()).rejects.toThrow('the wire broke');
});
