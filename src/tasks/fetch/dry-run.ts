/** What a fetch would ask for, without asking: a reader, which takes no lock. */

import type { FolderLayout } from '#store/folder/layout.js';
import { openDuck } from '#store/lake/duckdb.js';
import { readTableRecord } from '#store/tables/record.js';
import { batchesOf, planType, requestsOf } from './plan-fetch.js';
import type { FetchRequest } from './request.js';
import { universeTickers } from './universe.js';

export interface FetchPlan {
  readonly types: readonly {
    readonly type: string;
    readonly windows: readonly string[];
    /** Asked for one by one. */
    readonly tickers: number;
    readonly requests: number;
    readonly denied: string | null;
  }[];
  /** About. */
  readonly requests: number;
  /** At the rate limit; null without one. */
  readonly minutes: number | null;
}

export async function planFetch(
  request: Omit<FetchRequest, 'source'>,
  {
    layout,
    now,
    memoryBytes,
    perSecond,
  }: {
    readonly layout: Pick<FolderLayout, 'dataDir'>;
    readonly now: Date;
    readonly memoryBytes: number;
    readonly perSecond: number | undefined;
  },
): Promise<FetchPlan> {
  const universe = await universeOf(request, layout, memoryBytes);
  const types = await Promise.all(
    request.types.map(async (type) => {
      const plan = planType(type, await readTableRecord(layout, type.name), request, universe, now);
      const tickers = batchesOf(plan.tickers, request).flat().length;
      const { today } = request.wish;
      const requests = plan.windows.reduce((sum, window) => sum + requestsOf(type, window, today), tickers);
      return {
        type: type.name,
        windows: plan.windows.map(({ name }) => name),
        tickers,
        requests,
        denied: plan.denied ?? null,
      };
    }),
  );
  const requests = types.reduce((sum, type) => sum + type.requests, 0);
  return { types, requests, minutes: perSecond === undefined ? null : requests / perSecond / 60 };
}

async function universeOf(
  { types, universe, tracked }: Omit<FetchRequest, 'source'>,
  layout: Pick<FolderLayout, 'dataDir'>,
  memoryBytes: number,
): Promise<readonly string[]> {
  if (!types.some(({ windows }) => windows.kind === 'tickers')) return [];
  const duck = await openDuck({ memoryBytes, threads: 1, spillFolder: '' });
  try {
    return await universeTickers(universe, tracked, layout, duck);
  } finally {
    duck.close();
  }
}
