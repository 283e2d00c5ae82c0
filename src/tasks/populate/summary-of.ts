/** The summary of a populate, from what was counted on the way. */
import { tradedWeeklies } from '#ingest/day/traded-weeklies.js';
import { archiveFolder } from '#store/folder/layout.js';
import { bytesToFetch, type MadePlan } from './make-plan.js';
import type { NeverSeen } from './never-seen.js';
import type { PopulateParts } from './parts.js';
import type { DatasetSummary } from './summary.js';
import type { Tally } from './tally.js';
import { unusableLists } from './unusable-lists.js';

export function summaryOf(
  counted: ReturnType<Tally['counted']>,
  plan: MadePlan,
  neverSeen: NeverSeen,
  { request, context, wanted, target, days, archive }: PopulateParts,
): DatasetSummary {
  const { dataset, layout, range } = request;
  const { list, get, retried, bytes } = context.wire();
  return {
    dataset: dataset.name,
    range: { start: range.start, end: range.end },
    ...counted,
    tickers: {
      tracked: wanted === '*' ? null : wanted.length,
      never_seen: neverSeen.tickers,
      suggestions: neverSeen.suggestions,
      unusable_lists: unusableLists(request.lists ?? [], neverSeen.tickers),
      weeklies: wanted === '*' ? {} : tradedWeeklies(wanted, days, archive),
    },
    requests: { list, get, retried },
    bytes: { downloaded: bytes, to_fetch: bytesToFetch(plan.days), needed: plan.needed },
    folders: { series: target.folder, archive: archiveFolder(layout, dataset) },
  };
}
