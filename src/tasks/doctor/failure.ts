/** From an error to a finding: what happened, and what to do about it. */
import { describeDiskError, isDiskError } from '#platform/disk/errors.js';
import { SourceError } from '#platform/http/source-error.js';
import { AcceptedFileError } from '#store/ledger/accepted.js';
import { ProgressFileError } from '#store/ledger/file.js';
import { TickerListError } from '#store/lists/ticker-list-error.js';
import type { RunOutcome } from '#tasks/exit-code.js';
import { outcomeOfError } from '#tasks/outcome.js';
import type { Finding } from './finding.js';

/** Rethrows what is a bug of ours. */
export function failureOf(error: unknown): Finding {
  if (!(error instanceof Error)) throw error;
  const outcome = outcomeFor(error);
  if (outcome.bug === true) throw error;
  const advice = adviceFor(error);
  return { state: 'failure', message: sentence(error), outcome, ...(advice === undefined ? {} : { advice }) };
}

function sentence(error: Error): string {
  if (isDiskError(error)) return describeDiskError(error);
  const text = error.message.replace(/\.$/, '');
  return error instanceof ProgressFileError ? `progress.json: ${text}` : text;
}

function outcomeFor(error: Error): RunOutcome {
  const usage =
    error instanceof TickerListError ||
    error instanceof ProgressFileError ||
    error instanceof AcceptedFileError;
  return usage ? { usage: true } : outcomeOfError(error);
}

export const S3_PAIR =
  "Are they the S3 access key and secret from the vendor's dashboard, under flat files? The key of the REST API opens nothing here.";

/** Undefined where the error says it all. */
function adviceFor(error: Error): string | undefined {
  if (error instanceof ProgressFileError) return 'Use a newer barloom, or another --data-dir.';
  return error instanceof SourceError ? sourceAdvice(error) : undefined;
}

function sourceAdvice({ kind, status }: SourceError): string | undefined {
  switch (kind) {
    case 'unauthenticated':
    case 'denied':
      // Keys that were never shown to a server are missing or malformed, and the message says so.
      return status === undefined ? undefined : S3_PAIR;
    case 'skewed':
      return "Set this computer's clock, and run barloom doctor again.";
    case 'network':
    case 'server':
      return 'Run barloom doctor again; if it stays so, look at the network, its proxy, and --endpoint.';
    case 'throttled':
      return 'The server asks to slow down: wait a minute, and give --rate-limit or a smaller --concurrency.';
    case 'damaged':
      return 'Run barloom doctor again; populate fetches such a day again, and keeps nothing of it until it is sound.';
    default:
      return undefined;
  }
}
