/** The days that have to come from the vendor, in the order that learns soonest what the keys may read. */
import pLimit from 'p-limit';
import { fetchInOrder } from '#ingest/plan/fetch-order.js';
import type { PlannedDay } from '#ingest/plan/plan.js';
import { makeFolder } from '#platform/disk/durable.js';
import { archiveFolder } from '#store/folder/layout.js';
import type { Attempts } from './attempts.js';
import type { Run } from './run.js';

export async function fetchDays(todo: readonly PlannedDay[], run: Run, attempts: Attempts): Promise<void> {
  const fresh = todo.filter(({ action }) => action === 'fetch');
  const deniedBefore = todo.filter(({ action }) => action === 'probe');
  if (fresh.length + deniedBefore.length === 0) return;
  const { wishes, layout, dataset } = run.request;
  // Once, and not by each day: a data folder that is moved away under the run is not begun anew in its old
  // place.
  if (wishes.archive) await makeFolder(archiveFolder(layout, dataset));
  // Days that wait for the disk are few: what they hold is memory.
  const underWay = pLimit(2 * run.request.concurrency);
  await fetchInOrder<PlannedDay>({
    fresh,
    deniedBefore,
    tryDay: attempts.tryDay,
    deny: (denied, from) =>
      attempts.deny(
        denied,
        from === undefined
          ? undefined
          : `the keys may not read it: the first day that they may is ${from.day}`,
      ),
    fanOut: async (rest) => {
      await Promise.all(rest.map((planned) => underWay(() => attempts.tryDay(planned))));
    },
  });
}
