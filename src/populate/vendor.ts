/** The source of a run, opened when something is first asked of it, and checked against the one that the folder was filled from. */
import type { ProgressStore } from '../progress/store.js';
import { sameSource } from '../source/endpoint.js';
import type { Source } from '../source/port.js';
import type { PopulateContext, PopulateRequest } from './request.js';

/** The folder was filled from another source. Exit 2. */
export class OtherSourceError extends Error {
  constructor(recorded: string, asked: string) {
    super(
      `this folder was filled from ${recorded}, not from ${asked}: give another --data-dir, ` +
        'or say --adopt-source if the two hold the same data',
    );
    this.name = 'OtherSourceError';
  }
}

export interface Vendor {
  source(): Promise<Source>;
  close(): void;
}

export function vendorOf(
  request: Pick<PopulateRequest, 'adoptSource' | 'dryRun'>,
  context: Pick<PopulateContext, 'openSource'>,
  progress: ProgressStore,
): Vendor {
  let opening: Promise<Source> | undefined;
  let opened: Source | undefined;
  const open = async (): Promise<Source> => {
    opened = await context.openSource();
    const { identity } = opened;
    const recorded = progress.progress.source;
    if (recorded !== undefined && sameSource(recorded, identity)) return opened;
    if (recorded !== undefined && !request.adoptSource)
      throw new OtherSourceError(told(recorded), told(identity));
    if (!request.dryRun) await progress.record([{ step: 'source', source: identity }]);
    return opened;
  };
  return {
    source: () => {
      opening ??= open();
      return opening;
    },
    close: () => opened?.close(),
  };
}

function told({ endpoint, bucket }: { readonly endpoint: string; readonly bucket: string }): string {
  return `${endpoint} (bucket ${bucket})`;
}
