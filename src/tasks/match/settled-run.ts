/**
 * A run that finds everything as the last one left it: known without making, comparing or writing anything.
 */
import { RULES_VERSION } from '#market/instruments/match.js';
import type { MatchState } from '#store/matching/state.js';
import { lookAtOutputs } from './outputs.js';
import type { MatchPlan } from './plan-run.js';
import { own } from './plan-sources.js';
import type { MatchRequest } from './request.js';
import { type MatchResult, problemsIn } from './result.js';

/** A change of the reports' form raises it: they are then written again. */
const REPORTS_VERSION = 1;

/** What the reports follow from besides what is matched and judged. */
export function reportsForm({ policy }: Pick<MatchRequest, 'policy'>): string {
  return `${REPORTS_VERSION} ${policy}`;
}

/** Undefined where anything is to be done, be it that a file was touched. */
export function settledResult(plan: MatchPlan): MatchResult | undefined {
  const { request, inputs, previous, lists, planned } = plan;
  if (previous === undefined || !standsAsBefore(plan, previous)) return undefined;
  const reports = previous.outputs.match_report?.from ?? '';
  const outputs = lookAtOutputs(request.places, { index: inputs.tree.hash, reports }, previous);
  if (outputs.some(({ name, isDue, standing }) => isDue || standing !== previous.outputs[name]))
    return undefined;
  return {
    summary: previous.summary,
    work: {
      lists_matched: 0,
      instruments_matched: 0,
      files_read: 0,
      bytes_read: 0,
      prices_written: 0,
      prices_removed: 0,
      outputs_written: [],
    },
    problems: problemsIn(inputs.tree.unreadable, lists, {}),
    leftOut: inputs.tree.leftOut,
    doubles: planned.flatMap(({ ticker, chosen }) =>
      chosen.rivals === undefined ? [] : [{ ticker, path: chosen.path }],
    ),
  };
}

function standsAsBefore(
  { request, inputs, lists, planned, isSameTree }: MatchPlan,
  previous: MatchState,
): boolean {
  return (
    isSameTree &&
    !request.forceReindex &&
    previous.rules === RULES_VERSION &&
    previous.reports === reportsForm(request) &&
    previous.aliases === inputs.aliasesHash &&
    previous.lists.length === lists.length &&
    lists.every(({ name, isFresh }, i) => !isFresh && previous.lists[i]?.name === name) &&
    Object.keys(previous.sources).length === planned.length &&
    Object.keys(previous.prices).length === planned.filter(({ intact }) => intact !== undefined).length &&
    planned.every(
      ({ ticker, task, intact, chosen, before }) =>
        task === undefined && intact === own(previous.prices, ticker) && chosen.rivals === before?.rivals,
    )
  );
}
