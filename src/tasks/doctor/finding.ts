/** What one check came to, as data. */
import type { RunOutcome } from '#tasks/exit-code.js';

export interface Finding {
  readonly state: 'ok' | 'warning' | 'failure';
  /** What was found: a sentence without a full stop. */
  readonly message: string;
  /** What to do next, where there is something. */
  readonly advice?: string;
  /** What a run would come to with this failure. */
  readonly outcome?: RunOutcome;
}
