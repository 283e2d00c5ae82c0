/** The one place where an error becomes a sentence and an exit code. */

import { safeText } from '#cli/output/safe-text.js';
import { RangeOptionsError } from '#market/calendar/range-options-error.js';
import { describeDiskError, isDiskError } from '#platform/disk/errors.js';
import { SourceError } from '#platform/http/source-error.js';
import { isOutOfMemory, OUT_OF_MEMORY } from '#platform/memory-error.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import { LakeError } from '#store/lake/lake-error.js';
import { AcceptedFileError } from '#store/ledger/accepted.js';
import { ProgressFileError } from '#store/ledger/file.js';
import { TickerListError } from '#store/lists/ticker-list-error.js';
import { NewerStateError } from '#store/matching/state.js';
import { exitCodeOf, type RunOutcome } from '#tasks/exit-code.js';
import { MatchInputError } from '#tasks/match/input-error.js';
import { outcomeOfError } from '#tasks/outcome.js';
import { UsageError } from './usage-error.js';

export interface Verdict {
  readonly exitCode: number;
  readonly message: string;
}

/** `doing`: what was being done, to stand before the sentence. */
export function judgeError(error: unknown, doing?: string): Verdict {
  const outcome = classified(error);
  // The disk's errors name their file, and may come up while something else is being done.
  const step = isDiskError(error) ? undefined : doing;
  const prefix = step === undefined ? '' : `${step}: `;
  return { exitCode: exitCodeOf(outcome), message: bounded(`${prefix}${sentence(error, outcome)}`) };
}

/** Nobody reads more of one sentence; names and values in it may be of any length. */
const LONGEST = 2000;

/** With its beginning and its end, where what to do stands. */
function bounded(message: string): string {
  return message.length <= LONGEST
    ? message
    : `${message.slice(0, LONGEST / 2)} … ${message.slice(-LONGEST / 2)}`;
}

function classified(error: unknown): RunOutcome {
  const usage =
    error instanceof UsageError ||
    error instanceof RangeOptionsError ||
    error instanceof TickerListError ||
    error instanceof AcceptedFileError ||
    error instanceof ProgressFileError ||
    error instanceof NewerStateError ||
    error instanceof MatchInputError;
  return usage ? { usage: true } : outcomeOfError(error);
}

function sentence(error: unknown, outcome: RunOutcome): string {
  if (isOutOfMemory(error)) return OUT_OF_MEMORY;
  if (isDiskError(error)) return safeText(describeDiskError(error));
  if (!(error instanceof Error)) return safeText(String(error));
  if (error instanceof ProgressFileError)
    return safeText(`progress.json: ${error.message}: use a newer barloom, or another --data-dir`);
  if (error instanceof SourceError) return safeText(sourceSentence(error));
  // The database shows the place in a line of its own.
  if (error instanceof LakeError) return error.message.split('\n').map(safeText).join('\n');
  if (error instanceof ArchiveDamage)
    return safeText(`the archive is damaged (${error.message}): barloom verify --repair repairs it`);
  if (outcome.bug === true)
    return `this is a bug of barloom's, please report it: ${safeText(error.stack ?? error.message).replaceAll('\\x0a', '\n')}`;
  return safeText(error.message);
}

function sourceSentence(error: SourceError): string {
  const text = error.message.replace(/\.$/, '');
  switch (error.kind) {
    case 'unauthenticated':
    case 'skewed':
      return `not authenticated: ${error.message}`;
    case 'denied':
      return `${text}: these keys may not read this dataset`;
    case 'network':
    case 'throttled':
    case 'server':
      return `the network gave out: ${text}: run the same command again to go on`;
    default:
      return error.message;
  }
}
