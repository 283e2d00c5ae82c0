/**
 * fetch_progress.json in the data folder: what the running fetch has done, with the keys that users of the
 * older downloader know, rewritten whole while it runs. Nothing is decided by it.
 */
import path from 'node:path';
import { replaceFile } from '#platform/disk/durable.js';
import type { FolderLayout } from '#store/folder/layout.js';

export interface FetchProgress {
  /** Tickers for which everything that was asked of them is there. */
  readonly completed: readonly string[];
  readonly failed: Readonly<Record<string, { readonly error: string; readonly timestamp: string }>>;
  readonly started_at: string;
  readonly last_updated: string;
  readonly total_tickers: number;
  readonly workers: number;
  /** By type. */
  readonly windows: Readonly<
    Record<
      string,
      {
        readonly planned: number;
        readonly done: readonly string[];
        readonly failed: readonly string[];
        readonly rows: number;
      }
    >
  >;
}

export function fetchProgressFile({ dataDir }: Pick<FolderLayout, 'dataDir'>): string {
  return path.join(dataDir, 'fetch_progress.json');
}

export function writeFetchProgress(
  layout: Pick<FolderLayout, 'dataDir'>,
  progress: FetchProgress,
): Promise<void> {
  return replaceFile(fetchProgressFile(layout), `${JSON.stringify(progress, null, 2)}\n`);
}
