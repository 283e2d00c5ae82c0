/** The exit code as a pure function of what a run came to: 0 only if everything asked for is there. The table is in docs/exit-codes.md. */

export interface RunOutcome {
  readonly signal?: 'SIGINT' | 'SIGTERM' | undefined;
  readonly bug?: boolean;
  readonly usage?: boolean;
  readonly locked?: boolean;
  readonly disk?: boolean;
  /** The keys are wrong, or may read nothing of what was asked for. */
  readonly notEntitled?: boolean;
  readonly damage?: boolean;
  readonly network?: boolean;
  /** Something that was asked for failed, is missing or denied. */
  readonly incomplete?: boolean;
}

/** Several at once: the first in this order. */
export function exitCodeOf(outcome: RunOutcome): number {
  if (outcome.signal !== undefined) return outcome.signal === 'SIGINT' ? 130 : 143;
  if (outcome.bug === true) return 1;
  if (outcome.usage === true) return 2;
  if (outcome.locked === true) return 11;
  if (outcome.disk === true) return 6;
  if (outcome.notEntitled === true) return 4;
  if (outcome.damage === true) return 7;
  if (outcome.network === true) return 5;
  return outcome.incomplete === true ? 3 : 0;
}
