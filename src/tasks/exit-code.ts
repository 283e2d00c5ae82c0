/**
 * The exit codes, and which of them a run comes to: 0 only if everything asked for is there. Pure; the table
 * is in docs/exit-codes.md.
 */

export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  incomplete: 3,
  notEntitled: 4,
  network: 5,
  disk: 6,
  damage: 7,
  locked: 11,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** What stops a run cleanly: a closed terminal, Ctrl-C, and what others send. */
export const STOP_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;

export type StopSignal = (typeof STOP_SIGNALS)[number];

export interface RunOutcome {
  readonly signal?: StopSignal | undefined;
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

/** Several at once: the first in this order, behind the signals. */
const FACTS = [
  'bug',
  'usage',
  'locked',
  'disk',
  'notEntitled',
  'damage',
  'network',
  'incomplete',
] as const satisfies readonly (keyof RunOutcome)[];

const BY_SEVERITY: readonly number[] = [...STOP_SIGNALS, ...FACTS].map((name) => EXIT[name]);

export function exitCodeOf(outcome: RunOutcome): number {
  if (outcome.signal !== undefined) return EXIT[outcome.signal];
  const fact = FACTS.find((name) => outcome[name] === true);
  return fact === undefined ? EXIT.ok : EXIT[fact];
}

/** What stopped a run: the reason of its AbortSignal is the signal's name. */
export function stopSignalOf({ reason }: Pick<AbortSignal, 'reason'>): StopSignal {
  return STOP_SIGNALS.find((name) => name === reason) ?? 'SIGINT';
}

export function stoppedCode(signal: AbortSignal): number {
  return EXIT[stopSignalOf(signal)];
}

/**
 * Of a command that did less than it was asked to because its user wanted so: 0 after a plain no, a signal's
 * own otherwise.
 */
export function stopCode({ signal }: { readonly signal: AbortSignal }): number {
  return signal.aborted ? stoppedCode(signal) : EXIT.ok;
}

/**
 * Of several works one after another. 0 where all are 0, or there are none. A code that is not in the table
 * is a bug of ours.
 */
export function mostSevere(codes: readonly number[]): number {
  const bad = codes.filter((code) => code !== EXIT.ok);
  if (bad.some((code) => !BY_SEVERITY.includes(code))) return EXIT.bug;
  return BY_SEVERITY.find((code) => bad.includes(code)) ?? EXIT.ok;
}

const GOES_ON: readonly number[] = [EXIT.ok, EXIT.incomplete, EXIT.damage, EXIT.network];

/**
 * Whether it makes no sense to go on with the next work: stopped by a signal, a bug, a lock that somebody
 * holds, a full disk, wrong keys.
 */
export function endsTheNight(code: number): boolean {
  return !GOES_ON.includes(code);
}
