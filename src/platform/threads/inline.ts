/** The same jobs without threads, where a thread's start would cost more than they do. */
import { handlerOf, type JobOf, type JobTable, type ResultOf } from './jobs.js';
import type { Threads } from './threads.js';

export function runInline<Table extends JobTable>(table: Table): Threads<Table> {
  return {
    size: 1,
    warm: () => undefined,
    run: async <Job extends JobOf<Table> & { readonly kind: string }>(job: Job) => {
      // Signals get their turn in between.
      await new Promise((resolve) => setImmediate(resolve));
      return handlerOf(table, (job as { readonly kind: string }).kind).work(job as never) as ResultOf<
        Table,
        Job
      >;
    },
    close: async () => undefined,
  };
}
