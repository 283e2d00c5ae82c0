/** What a plan says of the days before any of them is worked on: reported, and missing days recorded. */
import type { PlannedDay } from '#ingest/plan/plan.js';
import { bytesToFetch, type MadePlan } from './make-plan.js';
import type { PopulateParts } from './parts.js';

const MISSING = 'overdue, and the vendor does not list it';

export async function reportPlan({ days, failure }: MadePlan, parts: PopulateParts): Promise<void> {
  const { emit } = parts.context;
  const count = (...actions: readonly PlannedDay['action'][]): number =>
    days.filter(({ action }) => actions.includes(action)).length;
  const archive = count('archive');
  if (failure === undefined || archive > 0) {
    const fetch = count('fetch', 'probe');
    emit({ type: 'planned', days: fetch + archive, fetch, archive, bytes: bytesToFetch(days) });
  }
  await rememberMissing(days, parts);
  for (const { day, state, record } of days) {
    if (state === 'missing') emit({ type: 'problem', day, state, reason: MISSING });
    if (state === 'denied' && parts.request.dryRun)
      emit({ type: 'problem', day, state, reason: record?.problem?.reason ?? 'the keys may not read it' });
  }
}

/** So that a hole that the vendor has too is known from a day that nobody asked for. */
async function rememberMissing(
  plan: readonly PlannedDay[],
  { request: { dataset, dryRun }, progress }: PopulateParts,
): Promise<void> {
  const news = plan.filter(
    ({ state, record }) => state === 'missing' && record?.problem?.state !== 'missing',
  );
  if (dryRun || news.length === 0) return;
  await progress.record(
    news.map(({ day, record }) => {
      const problem = { state: 'missing', reason: MISSING } as const;
      return { step: 'day', dataset: dataset.name, day, record: { ...record, problem } };
    }),
  );
}
