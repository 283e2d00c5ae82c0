/**
 * Large days out of the archive, whoever cut them: our own blocks, blocks cut anywhere, a plain gzip. The
 * rows are those of the text.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { stocksMinute } from '#market/datasets/stocks.js';
import { indexDay } from '#market/records/day-index.js';
import { takeRows } from '#market/records/take-rows.js';
import type { TakenRows } from '#market/records/taken-rows.js';
import { END_MARKER } from '#store/archive/bgzf.js';
import { buildArchive } from '#store/archive/day-archive.js';
import { membersOfText } from '#store/archive/members.js';
import { openArchive } from '#store/archive/store.js';
import { archiveFile, folderLayout } from '#store/folder/layout.js';
import { knownTickers } from '#tasks/history/history.js';

const DAY = '2026-10-01';
const MIDNIGHT = Date.UTC(2026, 9, 1, 4) / 1000;
const TICKERS = Array.from({ length: 300 }, (_, i) => `T${String(i).padStart(3, '0')}`);
const LINES = TICKERS.flatMap((ticker, t) =>
  Array.from({ length: 120 }, (_, m) => {
    const price = `${t + 1}.${100 + m}000`;
    return `${ticker},${m + 1}.500000,${price},${price},${price},${price},${MIDNIGHT + 60 * m}000000000,1`;
  }),
);
const HEADER = 'ticker,volume,open,close,high,low,window_start,transactions';
const TEXT = Buffer.from(`${HEADER}\n${LINES.join('\n')}\n`);
const BY_MINUTE = Buffer.from(
  [HEADER, ...LINES.toSorted((a, b) => Number(a.split(',')[1]) - Number(b.split(',')[1]))].join('\n'),
);
const WANTED = ['T000', 'T007', 'T008', 'T150', 'T299', 'U'].map((ticker) => Buffer.from(ticker));

/** To the byte; as strings, which are compared quickly. */
function same(found: TakenRows, expected: TakenRows): void {
  const facts = ({ bytes, ends }: TakenRows) => [Buffer.from(bytes).toString('latin1'), ends.join()];
  expect(facts(found)).toEqual(facts(expected));
}

test.each<[string, Uint8Array, boolean]>([
  ['our own blocks', buildArchive(indexDay(TEXT), stocksMinute.memberForm).bytes, true],
  ['blocks cut anywhere', Buffer.concat([membersOfText(TEXT), END_MARKER]), false],
  ['blocks, by minute', Buffer.concat([membersOfText(BY_MINUTE), END_MARKER]), false],
  ['a plain gzip', gzipSync(TEXT), false],
  ['a plain gzip, by minute, without its last line end', gzipSync(BY_MINUTE), false],
])('%s', (_, bytes, hasToc) => {
  const root = mkdtempSync(path.join(tmpdir(), 'barloom-large-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const layout = folderLayout(root);
  const file = archiveFile(layout, stocksMinute, DAY);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  const archive = openArchive(layout, stocksMinute);
  const index = indexDay(TEXT);
  same(archive.takeRows(DAY, WANTED), takeRows(index, WANTED, stocksMinute, DAY));
  const every = TICKERS.map((ticker) => Buffer.from(ticker));
  same(archive.takeRows(DAY, every), takeRows(index, '*', stocksMinute, DAY));
  same(archive.takeRows(DAY, '*'), takeRows(index, '*', stocksMinute, DAY));
  const [from, to] = [Buffer.from('T100'), Buffer.from('T103')];
  const slice = takeRows(index, every.slice(100, 103), stocksMinute, DAY);
  same(archive.takeSlice(DAY, from, to), slice);
  same(archive.takeSliceWithoutToc(DAY, from, to), slice);
  const cuts = archive.cutsOf(DAY).map((ticker) => Buffer.from(ticker).toString());
  expect(cuts.length).toBeGreaterThan(0);
  expect(cuts.toSorted()).toEqual(cuts);
  if (hasToc) expect(cuts.length).toBeGreaterThan(20);
  expect(() => archive.check(DAY)).not.toThrow();
  const [first] = cuts;
  expect(knownTickers({ layout, dataset: stocksMinute, archive }).has(first ?? '')).toBe(true);
});
