/** What is not as the last run left it. Pure. */
import { RULES_VERSION } from '#market/instruments/match.js';
import type { FoundState, MatchState } from '#store/matching/state.js';
import type { Change } from './events.js';
import type { MatchInputs } from './inputs.js';
import type { PlannedSource } from './plan-sources.js';
import type { MatchRequest } from './request.js';

export interface Compared {
  readonly request: Pick<MatchRequest, 'full' | 'forceReindex'>;
  readonly found: FoundState;
  readonly inputs: Pick<MatchInputs, 'tree' | 'lists' | 'aliasesHash'>;
  readonly planned: readonly PlannedSource[];
  /** Names of the index and the reports that do not stand as they were written. */
  readonly outputs: readonly string[];
}

export function changesSince({ request, found, inputs, planned, outputs }: Compared): readonly Change[] {
  if (found.kind !== 'found') {
    const what =
      found.kind === 'none' ? 'first-run' : found.kind === 'older' ? 'older-state' : 'broken-state';
    return [{ what }];
  }
  if (request.full) return [{ what: 'full' }];
  const { state } = found;
  const changes: Change[] = [];
  const tell = (holds: boolean, change: Change): void => {
    if (holds) changes.push(change);
  };
  tell(request.forceReindex, { what: 'reindex' });
  tell(state.rules !== RULES_VERSION, { what: 'rules' });
  tell(state.tree !== inputs.tree.hash, { what: 'tree' });
  tell(state.aliases !== inputs.aliasesHash, { what: 'aliases' });
  const lists = changedLists(state, inputs.lists);
  tell(lists.length > 0, { what: 'lists', names: lists });
  for (const [what, why] of [
    ['sources', 'source'],
    ['prices', 'output'],
  ] as const) {
    const count = planned.filter((one) => one.why === why && one.before !== undefined).length;
    tell(count > 0, { what, count });
  }
  const isExplained = changes.length > 0;
  tell(outputs.length > 0 && !isExplained, { what: 'outputs', names: outputs });
  return changes;
}

/** New, changed and removed ones. */
function changedLists({ lists }: MatchState, now: MatchInputs['lists']): readonly string[] {
  const before = new Map(lists.map(({ name, hash }) => [name, hash]));
  const changed = now.filter(({ name, hash }) => before.get(name) !== hash).map(({ name }) => name);
  const removed = lists.filter(({ name }) => !now.some((list) => list.name === name)).map(({ name }) => name);
  return [...changed, ...removed];
}
