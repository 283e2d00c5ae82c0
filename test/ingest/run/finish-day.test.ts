/**
 * A fetched day is in the archive and recorded before anything else happens with it, and is reported last.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runDayTask } from '#ingest/day/run-day-task.js';
import { openCommitter } from '#ingest/run/commit.js';
import { finishDay } from '#ingest/run/finish-day.js';
import type { Run } from '#ingest/run/run.js';
import { unkeptLayout } from '#ingest/run/unkept-day.js';
import type { FlowDay } from '#ingest/series/series-flow.js';
import { stocksDaily } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { stocksMinute } from '#market/datasets/stocks.js';
import { rowCount, rowTicker } from '#market/records/taken-rows.js';
import { archiveFile, archiveFolder, folderLayout, seriesFolder } from '#store/folder/layout.js';
import { openDataFolder } from '#store/folder/open.js';
import { contextOf, DAY, dayFile, listed, sourceOf, taskOf, threads } from '../day/day-run.js';

const WANTED = ['AAPL', 'MSFT'];
const COUNTS = { added: 2, unchanged: 0, corrected: 0, kept: 0 };

/**
 * A run in a folder of its own, whose steps leave a line in `log`; each line says which archive file is
 * there, and whether one is recorded.
 */
async function newRun(dataset: Dataset, wishes: { readonly archive: boolean; readonly series: boolean }) {
  const layout = folderLayout(mkdtempSync(path.join(tmpdir(), 'barloom-finish-')));
  const now = new Date('2024-06-14T17:00:00Z');
  const folder = await openDataFolder({ layout, access: 'write', command: 'test', now, makesArchive: true });
  onTestFinished(async () => {
    await folder.save();
    await folder.release();
    rmSync(layout.dataDir, { recursive: true, force: true });
  });
  await mkdir(archiveFolder(layout, dataset), { recursive: true });
  await mkdir(seriesFolder(layout, dataset), { recursive: true });
  const known = folder.known(dataset);
  const log: string[] = [];
  const offered: FlowDay[] = [];
  const file = archiveFile(layout, dataset, DAY);
  const copies: number[] = [];
  const note = (step: string): void => {
    const inode = existsSync(file) ? statSync(file).ino : undefined;
    if (inode !== undefined && !copies.includes(inode)) copies.push(inode);
    const copy = inode === undefined ? 'no' : (['first', 'second'] as const)[copies.indexOf(inode)];
    const state = known.days.get(DAY)?.archive === undefined ? 'unknown' : 'recorded';
    log.push(`${step}: ${copy} copy, ${state}`);
  };
  const { progress } = folder;
  const committer = openCommitter({
    claimArchive: async () => undefined,
    folder: archiveFolder(layout, dataset),
    dataset: dataset.name,
    progress: {
      ...progress,
      record: async (steps) => {
        await progress.record(steps);
        note('recorded');
      },
    },
    now,
    gatherMs: 0,
  });
  const run = {
    request: { dataset, layout, wishes: { ...wishes, force: false } },
    context: { emit: ({ type }: { readonly type: string }) => note(type) },
    wanted: WANTED,
    archive: folder.archive(dataset),
    progress,
    known,
    pool: threads,
    committer,
    flow: {
      offer: async (day: FlowDay) => {
        note('offered');
        offered.push(day);
      },
    },
    waiting: [],
    isWanted: (ticker: string) => WANTED.includes(ticker),
    reportDay: () => note('reported'),
    market: { tickers: undefined },
  } as unknown as Run;
  return { run, log, offered, layout };
}

async function finish(
  run: Run,
  prices: Record<string, number>,
  changes: Partial<ReturnType<typeof taskOf>> = {},
) {
  const { request, known, archive } = run;
  const file = dayFile(prices);
  const etag = JSON.stringify(prices);
  const task = { ...taskOf(request.dataset.name, file, etag), replaces: archive.isThere(DAY), ...changes };
  const layout = task.prepares === 'aside' ? unkeptLayout(request) : request.layout;
  await mkdir(archiveFolder(layout, request.dataset), { recursive: true });
  const fetched = await runDayTask(task, contextOf(sourceOf(file, etag), layout));
  const planned = {
    day: DAY,
    record: known.days.get(DAY),
    copy: archive.stampOf(DAY),
    recorded: archive.isThere(DAY),
    toLookUp: WANTED,
    seriesDone: false,
    state: 'available',
    action: 'fetch',
    object: listed(file, etag),
    adopt: undefined,
  } as const;
  await finishDay({ planned, task, fetched }, run);
}

const tickersOf = ({ taken }: FlowDay): readonly string[] =>
  Array.from({ length: rowCount(taken) }, (_, i) => rowTicker(taken, i));

it.each([stocksDaily, stocksMinute])(
  '$name: durable, recorded, into the series, and only then reported',
  async (dataset) => {
    const { run, log, offered } = await newRun(dataset, { archive: true, series: true });
    await finish(run, { AAPL: 190, MSFT: 400 });
    offered[0]?.report(COUNTS);
    expect(log).toEqual([
      'recorded: first copy, recorded',
      'offered: first copy, recorded',
      'reported: first copy, recorded',
    ]);
    expect(offered.map(tickersOf)).toEqual([['AAPL', 'MSFT']]);
    expect(offered[0]?.record).toEqual(run.known.days.get(DAY));
  },
);

it('without series a day is done with its archive file', async () => {
  const { run, log } = await newRun(stocksDaily, { archive: true, series: false });
  await finish(run, { AAPL: 190 }, { series: false });
  expect(log).toEqual(['recorded: first copy, recorded', 'reported: first copy, recorded']);
});

it('a day whose bars go to every ticker waits, and is reported by whoever brings them there', async () => {
  const { run, log } = await newRun(stocksDaily, { archive: true, series: true });
  await finish(run, { AAPL: 190 }, { series: false });
  expect(log).toEqual(['recorded: first copy, recorded']);
  expect(run.waiting.map(({ day, record }) => [day, record])).toEqual([[DAY, run.known.days.get(DAY)]]);
});

it('what the series hold of a replaced file is recorded before the old copy is gone', async () => {
  const { run, log, offered } = await newRun(stocksDaily, { archive: true, series: true });
  await finish(run, { AAPL: 190, MSFT: 400, SPY: 540 });
  log.length = 0;
  await finish(run, { AAPL: 191, MSFT: 400, SPY: 541 });
  expect(log).toEqual([
    'replaced: first copy, recorded',
    // The corrections, then the day.
    'recorded: first copy, recorded',
    'recorded: second copy, recorded',
    'offered: second copy, recorded',
  ]);
  expect(run.known.days.get(DAY)?.correct).toEqual({ AAPL: '190,190,190,190,100' });
  const [, again] = offered;
  expect(again?.before).toEqual(new Map([['AAPL', '190,190,190,190,100']]));
  expect(again?.record.correct).toBeUndefined();
  expect(again?.record.text_sha256).not.toBe(offered[0]?.record.text_sha256);
});

it('a large day of which no copy is kept leaves its lines, and no file', async () => {
  const { run, log, offered, layout } = await newRun(stocksMinute, { archive: false, series: true });
  await finish(run, { AAPL: 190, MSFT: 400 }, { prepares: 'aside' });
  expect(log).toEqual(['offered: no copy, unknown']);
  expect(offered.map(tickersOf)).toEqual([['AAPL', 'MSFT']]);
  expect(offered[0]?.record.archive).toBeUndefined();
  expect(readdirSync(archiveFolder(layout, stocksMinute))).toEqual([]);
  expect(readdirSync(archiveFolder(unkeptLayout(run.request), stocksMinute))).toEqual([]);
});
