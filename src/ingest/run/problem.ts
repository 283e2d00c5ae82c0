/** Days that came to nothing: reported, and recorded with what is known of them from before. */
import type { PlannedDay } from '#ingest/plan/plan.js';
import type { Run } from './run.js';

export function recordProblem(
  days: readonly PlannedDay[],
  state: 'denied' | 'failed',
  reasonOf: (planned: PlannedDay) => string,
  { request, context, known, progress }: Run,
): Promise<void> {
  const dataset = request.dataset.name;
  return progress.record(
    days.map((planned) => {
      const { day, record } = planned;
      const reason = reasonOf(planned);
      context.emit({ type: 'problem', day, state, reason });
      const before = known.days.get(day) ?? record;
      return { step: 'day', dataset, day, record: { ...before, problem: { state, reason } } };
    }),
  );
}
