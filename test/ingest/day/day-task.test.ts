/**
 * A day's task is plain data: sent to another machine as JSON, it makes the same files and says the same of
 * them.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { datasetNamed } from '#ingest/day/dataset-named.js';
import type { DayTask } from '#ingest/day/day-task.js';
import { runDayTask } from '#ingest/day/run-day-task.js';
import { archiveFolder, folderLayout } from '#store/folder/layout.js';
import { contextOf, dayFile, sourceOf, taskOf } from './day-run.js';

const file = dayFile({ MSFT: 400, AAPL: 190, SPY: 540 });
const etag = 'an-opaque-mark';

async function runIn(task: DayTask) {
  const layout = folderLayout(mkdtempSync(path.join(tmpdir(), 'barloom-task-')));
  onTestFinished(() => rmSync(layout.dataDir, { recursive: true, force: true }));
  await mkdir(archiveFolder(layout, datasetNamed(task.dataset)), { recursive: true });
  const fetched = await runDayTask(task, contextOf(sourceOf(file, etag), layout));
  const { archive, seconds: _, ...result } = { seconds: 0, ...fetched.result };
  const bytes = archive === undefined ? undefined : readFileSync(archive.temporary);
  const { mtimeMs: _mtime, ...toc } = archive?.toc ?? { mtimeMs: 0 };
  return { fetched: { ...fetched, workSeconds: 0, result }, bytes, toc };
}

it.each(['stocks_daily', 'stocks_minute'])('%s: as JSON, elsewhere', async (dataset) => {
  const task = taskOf(dataset, file, etag);
  const here = await runIn(task);
  const there = await runIn(JSON.parse(JSON.stringify(task)) as DayTask);
  expect(there).toEqual(here);
  const sorted = gunzipSync(here.bytes ?? '').toString();
  expect(sorted.match(/^[A-Z]+(?=,)/gm)).toEqual(['AAPL', 'MSFT', 'SPY']);
  expect(here.fetched.object).toEqual({ size: file.length, etag, last_modified: '2024-06-12T10:00:00.000Z' });
});

it('a file that is larger than it was listed is no day, whichever way it goes', async () => {
  for (const dataset of ['stocks_daily', 'stocks_minute']) {
    const task = taskOf(dataset, file, etag);
    const smaller = { ...task, object: { ...task.object, size: file.length - 1 } };
    await expect(runIn(smaller)).rejects.toMatchObject({ kind: 'damaged' });
  }
});
