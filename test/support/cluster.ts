/** A vendor's folder, a bucket and the commands of `cluster` on them. */
import { expect } from 'vitest';
import type { StoreServer } from './store-server.js';
import { vendorFolder } from './vendor-folder.js';
import { type Ended, HEADER, type RunOptions, Workdir } from './workdir.js';

export const DAYS = ['2024-06-10', '2024-06-11', '2024-06-12', '2024-06-13'] as const;

export interface ClusterWork {
  readonly work: Workdir;
  /** `cluster plan --json`, and so on, on `s3://own/market`. */
  cluster(args: string, options?: RunOptions): Promise<Ended>;
  /** The plan's URL, of all that is lacking. */
  plan(): Promise<string>;
  task(plan: string, options?: RunOptions): Promise<Ended>;
  /** Where the bucket is, for the commands that read it. */
  readonly where: readonly string[];
}

/** Prices of four tickers; `shift` makes another text of it. */
export function dayText(day: string, shift = 0): string {
  const stamp = `${Date.parse(`${day}T04:00:00Z`)}000000`;
  const lines = ['A', 'AAPL', 'MSFT', 'ZZZ'].map(
    (ticker, i) =>
      `${ticker},${1000 + i},${10 + i},${11 + i + shift},${12 + i + shift},${9 + i},${stamp},${5 + i}\n`,
  );
  return HEADER + lines.join('');
}

export const keyOf = (day: string): string => `us_stocks_sip/day_aggs_v1/${day}`;

/** Keys of the bucket; the server knows any. */
export const OWN_KEYS = { AWS_ACCESS_KEY_ID: 'OWNERKEY0001', AWS_SECRET_ACCESS_KEY: 'ownersecret0001' };

export async function clusterWork(store: Pick<StoreServer, 'endpoint'>): Promise<ClusterWork> {
  const work = await Workdir.make();
  await vendorFolder(work, Object.fromEntries(DAYS.map((day) => [keyOf(day), dayText(day)])));
  const bucket = 's3://own/market';
  const env = { ...OWN_KEYS, TMPDIR: work.root };
  const where = ['--archive-dir', bucket, '--store-endpoint', store.endpoint];
  const cluster = (args: string, options: RunOptions = {}): Promise<Ended> =>
    work.run(
      ['cluster', ...args.split(' '), ...where, '--data-dir', work.data, '--endpoint', work.endpoint ?? ''],
      { ...options, env: { ...env, ...options.env } },
    );
  return {
    work,
    cluster,
    where,
    plan: async () => {
      const { stdout, stderr } = await cluster(`plan --start ${DAYS[0]} --end ${DAYS[3]} --json`);
      const { plan } = JSON.parse(stdout) as { readonly plan: string | null };
      expect(plan, stderr).toMatch(/^s3:\/\/own\/market\/plans\/[0-9a-f]{16}\.json$/);
      return String(plan);
    },
    task: (plan, options) =>
      work.run(
        [
          ...['cluster', 'task', '--plan', plan, '--index', '0', '--store-endpoint', store.endpoint],
          ...['--endpoint', work.endpoint ?? '', '--data-dir', work.data],
        ],
        { ...options, env: { ...env, ...options?.env } },
      ),
  };
}
