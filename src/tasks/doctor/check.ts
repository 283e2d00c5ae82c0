/** Checks in a row: each bounded in time, each skipped where an earlier one makes it pointless. */
import type { RunOutcome } from '#tasks/exit-code.js';
import { failureOf } from './failure.js';
import type { Finding } from './finding.js';

export interface Check {
  readonly name: string;
  readonly state: Finding['state'] | 'skipped';
  readonly message: string;
  readonly advice?: string;
}

export interface Station {
  /** Told to people; unique but for `of`. */
  readonly name: string;
  /** The dataset, for checks that are made for each. */
  readonly of?: string;
  /**
   * Names of stations before it that must not have failed or been skipped: those of the same dataset, and
   * those of none.
   */
  readonly needs?: readonly string[];
  /** Fails as what it throws. */
  readonly run: (signal: AbortSignal) => Promise<Finding>;
}

export interface Examined {
  readonly checks: readonly Check[];
  /** The failures together. */
  readonly outcome: RunOutcome;
}

export interface ExamineOptions {
  /** Ends the row; the check under way then has no result. */
  readonly signal: AbortSignal;
  /** Longest time for one check, in ms. */
  readonly mostMs: number;
  readonly onBegin: (name: string) => void;
}

/** Throws what is a bug of ours, and nothing else. */
export async function examine(stations: readonly Station[], options: ExamineOptions): Promise<Examined> {
  const checks: Check[] = [];
  const failed: Pick<Station, 'name' | 'of'>[] = [];
  let outcome: RunOutcome = {};
  for (const station of stations) {
    const { name } = station;
    if (options.signal.aborted) break;
    const cause = failed.find((one) => isNeeded(one, station));
    if (cause !== undefined) {
      failed.push(station);
      checks.push({ name, state: 'skipped', message: `not tried: it needs ${cause.name}` });
      continue;
    }
    options.onBegin(name);
    const finding = await inTime(station, options);
    if (finding === undefined) break;
    const { outcome: came, ...rest } = finding;
    checks.push({ name, ...rest });
    if (finding.state === 'failure') failed.push(station);
    outcome = { ...outcome, ...came };
  }
  return { checks, outcome };
}

function isNeeded(failed: Pick<Station, 'name' | 'of'>, { needs = [], of }: Station): boolean {
  return needs.includes(failed.name) && (failed.of === undefined || failed.of === of);
}

/** Undefined where the row was ended meanwhile. */
async function inTime(station: Station, { signal, mostMs }: ExamineOptions): Promise<Finding | undefined> {
  const own = new AbortController();
  const late: Finding = {
    state: 'failure',
    message: `no result within ${Math.round(mostMs / 1000)} s`,
    advice: 'Is the network slow, or the drive asleep? Run barloom doctor again.',
    outcome: { network: true },
  };
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const ended = new Promise<Finding | undefined>((resolve) => {
    timer = setTimeout(() => resolve(late), mostMs);
    onAbort = () => resolve(undefined);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  // Judged as it fails, so that one that fails after its time is nobody's unhandled rejection.
  const found = station.run(own.signal).catch((error: unknown) => {
    if (own.signal.aborted) return undefined;
    return failureOf(error);
  });
  try {
    return await Promise.race([found, ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    own.abort(new Error('the check is over'));
  }
}
