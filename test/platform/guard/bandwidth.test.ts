import { expect, it } from 'vitest';
import { withBandwidth } from '#platform/guard/bandwidth.js';
import { unguarded } from '#platform/guard/request.js';

it('all bodies together get so many bytes a second, and every byte arrives', async () => {
  let time = 0;
  const guard = withBandwidth(unguarded, {
    bytesPerSecond: 100_000,
    now: () => time,
    sleep: async (ms) => {
      time = Math.max(time, time + ms);
    },
  });
  const body = async function* () {
    for (let i = 0; i < 10; i++) yield new Uint8Array(10_000).fill(i);
  };
  let bytes = 0;
  for (const name of ['a', 'b', 'c']) {
    const ask = async () => ({ body: body(), cancel: () => undefined });
    const stream = await guard.streamed({ verb: 'GET', name, signal: undefined, ask });
    for await (const chunk of stream.body) bytes += chunk.length;
  }
  expect(bytes).toBe(300_000);
  // The first chunk is handed on at once.
  expect(time).toBeCloseTo(2900, 0);
});
