/** What a fetch would ask for, without asking: a reader, which takes no lock. */

import { asOlder } from '#market/tables/older-endpoint.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { openDuck } from '#store/lake/duckdb.js';
import { readTableRecord } from '#store/tables/record.js';
import { batchesOf, planOlder, planType, requestsOf } from './plan-fetch.js';
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
      const record = await readTableRecord(layout, type.name);
      const plan = planType(type, record, request, universe, now);
      const older = plan.denied === undefined ? undefined : planOlder(type, record, request, now);
      const asked = older === undefined || type.older === undefined ? type : asOlder(type, type.older);
      const windows = older ?? plan.windows;
      const tickers = batchesOf(plan.tickers, request).flat().length;
      const { today } = request.wish;
      const requests = windows.reduce((sum, window) => sum + requestsOf(asked, window, today), tickers);
      return {
        type: type.name,
        windows: windows.map(({ name }) => name),
        tickers,
        requests,
        denied: older === undefined ? (plan.denied ?? null) : null,
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
