import { expect, it } from 'vitest';
import { type Slice, slicesOf } from '#ingest/series/market-slices.js';
import { stocksDaily } from '#market/datasets/all.js';
import { newPacker } from '#market/records/taken-rows.js';
import type { ArchiveStore } from '#store/archive/store.js';

const TICKERS = Array.from({ length: 100 }, (_, i) => `T${String(i).padStart(3, '0')}`);

/** Days of `size` bytes whose members begin with these tickers. */
function slices(size: number, members: readonly string[]): readonly Slice[] {
  const packer = newPacker();
  for (const ticker of TICKERS) packer.add(ticker, '1,1,1,1,1');
  const rows = packer.finish();
  const archive = {
    cutsOf: () => members.map((ticker) => Buffer.from(ticker)),
    stampOf: () => ({ size, mtimeMs: 0 }),
    takeRows: () => rows,
  };
  return slicesOf(archive as unknown as ArchiveStore, stocksDaily, ['2024-06-12', '2024-06-13'], 2);
}

const ends = (all: readonly Slice[]): readonly (readonly (string | undefined)[])[] =>
  all.map(({ from, to }) => [from && Buffer.from(from).toString(), to && Buffer.from(to).toString()]);

it.each([
  ['a small market in one member stays whole', 1e6, ['T000'], 1],
  ['a large one in one member is cut between tickers', 30e6, ['T000'], 2],
  ['a member is in no more than two slices', 300e6, ['T000', 'T050'], 4],
  ['many members are cut where they begin', 1e6, TICKERS, 8],
] as const)('%s', (_, size, members, count) => {
  const all = ends(slices(size, members));
  expect(all).toHaveLength(count);
  // Together they are the market, each ticker in one of them.
  expect(all[0]?.[0]).toBeUndefined();
  expect(all.at(-1)?.[1]).toBeUndefined();
  for (const [i, [from]] of all.entries()) if (i > 0) expect(from).toBe(all[i - 1]?.[1]);
});
