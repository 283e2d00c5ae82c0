/**
 * A day's task, the day whole: download, verify and work through in a worker thread. What arrives damaged is
 * fetched again whole, like what does not arrive; after the last attempt the error says what was wrong.
 */

import type { Dataset } from '#market/datasets/dataset.js';
import { windowOf } from '#market/datasets/day-window.js';
import { collect } from '#platform/guard/collect.js';
import { retry } from '#platform/guard/retry.js';
import { md5OfEtag } from '#platform/s3/etag.js';
import { kindOfSource } from '#platform/source-identity.js';
import { archiveFile } from '#store/folder/layout.js';
import { newContentJudge } from './content-fault.js';
import { rulesOf } from './dataset-named.js';
import { fetchedObject, isListed } from './day-object.js';
import type { DayTask, DayTaskContext, FetchedDay } from './day-task.js';
import type { DayJob } from './day-work.js';
import { checkObjectSize } from './object-size.js';

export async function fetchDay(
  task: DayTask,
  dataset: Dataset,
  context: DayTaskContext,
): Promise<FetchedDay> {
  const { day, object, prepares, replaces, series, market } = task;
  const { source, layout, threads, signal, clock } = context;
  checkObjectSize(object.size, dataset);
  const { memberForm, maxObjectBytes } = dataset;
  const archive =
    prepares === 'nothing' ? undefined : { file: archiveFile(layout, dataset, day), memberForm };
  const from = kindOfSource(source.identity);
  const judged = newContentJudge();
  return retry(async () => {
    const begun = clock();
    const stream = await source.get(object.key, { signal });
    const bytes = await collect(stream, {
      maxBytes: maxObjectBytes,
      // Replaced since it was listed: then the answer's own length counts.
      ...(isListed(stream, object) ? { expectedSize: object.size } : {}),
    });
    const arrived = clock();
    const size = bytes.length;
    const job: DayJob = {
      kind: 'day',
      day,
      bytes,
      md5: md5OfEtag(stream.etag ?? object.etag),
      rules: rulesOf(dataset),
      window: windowOf(dataset, day),
      archive,
      replaces,
      series,
      market,
    };
    const result = await threads.run(job).catch((error: unknown) => {
      throw judged(error, job.md5 !== undefined || from === 'folder');
    });
    return {
      way: 'whole',
      from,
      result,
      object: fetchedObject(size, stream, object),
      bytes: size,
      downloadSeconds: (arrived - begun) / 1000,
      workSeconds: result.seconds,
    };
  }, context.retry);
}
