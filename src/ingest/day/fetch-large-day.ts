/**
 * A day's task, the day in pieces: split while it arrives (ingest/pieces), gone on with where the transfer
 * breaks, verified when the last byte is there. What turns out to be damaged is fetched again whole. The bars
 * are taken later, out of the file.
 */
import { splitDay } from '#ingest/pieces/split-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { windowOf } from '#market/datasets/day-window.js';
import { retry } from '#platform/guard/retry.js';
import { SourceError } from '#platform/http/source-error.js';
import { kindOfSource } from '#platform/source-identity.js';
import { archiveFile } from '#store/folder/layout.js';
import { getResuming } from '#vendors/flatfiles/resume.js';
import { newContentJudge } from './content-fault.js';
import { rulesOf } from './dataset-named.js';
import { fetchedObject, isListed } from './day-object.js';
import type { DayTask, DayTaskContext, FetchedDay } from './day-task.js';
import { checkObjectSize } from './object-size.js';
import { newTransferCheck } from './transfer-check.js';

export async function fetchLargeDay(
  { day, object }: DayTask,
  dataset: Dataset,
  context: DayTaskContext,
): Promise<FetchedDay> {
  const { source, layout, threads, signal, clock } = context;
  checkObjectSize(object.size, dataset);
  const from = kindOfSource(source.identity);
  const judged = newContentJudge();
  return retry(async () => {
    const begun = clock();
    const stream = await getResuming(source, object.key, {
      signal,
      retry: context.retry,
      expectedSize: (first) => (isListed(first, object) ? object.size : undefined),
      ...(context.onResume === undefined ? {} : { onResume: context.onResume }),
    });
    const check = newTransferCheck(stream, object, dataset);
    const result = await splitDay(check.body, {
      file: archiveFile(layout, dataset, day),
      rules: rulesOf(dataset),
      memberForm: dataset.memberForm,
      window: windowOf(dataset, day),
      runPiece: threads.piece,
      runSort: threads.sort,
      // One more than there are threads: while it waits, the next is cut.
      atOnce: threads.size + 1,
    }).catch(async (error: unknown) => {
      const isContent = error instanceof SourceError && error.kind === 'damaged';
      const isWhole = isContent && (from === 'folder' || (await check.isWhole()));
      stream.cancel();
      throw judged(error, isWhole);
    });
    const seconds = (clock() - begun) / 1000;
    return {
      way: 'pieces',
      from,
      result,
      object: fetchedObject(check.bytes(), stream, object),
      bytes: check.bytes(),
      // Both go on side by side.
      downloadSeconds: seconds,
      workSeconds: seconds,
    };
  }, context.retry);
}
