/**
 * The source of a run, opened when something is first asked of it, and checked against the one that the
 * folder was filled from.
 */
import { sameSource } from '#market/datasets/same-source.js';
import type { Source } from '#platform/s3/port.js';
import { filledFromAnother } from '#store/archive/source-marker.js';
import type { FolderSource } from '#store/folder/folder-source.js';
import type { Emit } from './events.js';
import type { PopulateContext, PopulateRequest, SourceReports } from './request.js';

export interface Vendor {
  source(): Promise<Source>;
  close(): void;
}

export function vendorOf(
  request: Pick<PopulateRequest, 'adoptSource' | 'dryRun'>,
  context: Pick<PopulateContext, 'openSource' | 'emit'>,
  folder: FolderSource,
): Vendor {
  let opening: Promise<Source> | undefined;
  let opened: Source | undefined;
  const open = async (): Promise<Source> => {
    opened = await context.openSource(sourceReports(context.emit));
    const { identity } = opened;
    const recorded = folder.recorded();
    if (recorded !== undefined && !sameSource(recorded.source, identity) && !request.adoptSource)
      throw filledFromAnother(recorded.what, recorded.source, identity);
    return request.dryRun ? opened : recordedOnceListed(opened, folder);
  };
  return {
    source: () => {
      opening ??= open();
      return opening;
    },
    close: () => opened?.close(),
  };
}

/**
 * An endpoint that never gave a listing (it was mistyped, or nobody answers) must not be what the folder is
 * said to be filled from.
 */
function recordedOnceListed(source: Source, folder: FolderSource): Source {
  let recording: Promise<void> | undefined;
  return {
    ...source,
    list: async (prefix, options) => {
      const objects = await source.list(prefix, options);
      recording ??= folder.record(source.identity);
      await recording;
      return objects;
    },
  };
}

function sourceReports(emit: Emit): SourceReports {
  return {
    onListRetry: (prefix, error, attempt, waitMs) =>
      emit({
        type: 'retry',
        what: `listing ${monthOfPrefix(prefix)}`,
        attempt,
        waitMs,
        reason: error.message,
      }),
    onClockOff: (aheadMs) => {
      const minutes = Math.round(Math.abs(aheadMs) / 60_000);
      const message = `this computer's clock is ${minutes} min ${aheadMs > 0 ? 'behind' : 'ahead of'} the server's; requests are dated by the server's`;
      emit({ type: 'note', level: 'warning', message });
    },
  };
}

/** `us_stocks_sip/day_aggs_v1/2024/05/`: 2024-05, as days are written. */
function monthOfPrefix(prefix: string): string {
  return prefix.split('/').slice(-3, -1).join('-');
}
