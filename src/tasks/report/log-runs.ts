/** The last runs, and the days that the vendor replaced, out of the log's lines. Pure. */

export interface LoggedRun {
  /** ISO 8601. */
  readonly at: string;
  readonly dataset: string;
  readonly start: string;
  readonly end: string;
  /** Days that were brought. */
  readonly days: number;
  readonly problems: number;
  readonly retries: number;
  /** What ended it early; the last one. */
  readonly error: string | undefined;
}

export interface LoggedReplacement {
  readonly at: string;
  readonly dataset: string;
  readonly day: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export interface LoggedRuns {
  /** Newest first. */
  readonly runs: readonly LoggedRun[];
  readonly replaced: readonly LoggedReplacement[];
}

type Line = Readonly<Record<string, unknown>>;
type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** `text`: NDJSON, of which the first line may be half a one. Lines that are none are passed over. */
export function runsOfLog(text: string): LoggedRuns {
  const runs: LoggedRun[] = [];
  const replaced: LoggedReplacement[] = [];
  const current = new Map<unknown, Writable<LoggedRun>>();
  for (const line of text.split('\n').flatMap(parsed)) {
    const [at, pid] = [String(line['time']), line['pid']];
    const run = current.get(pid);
    switch (line['type']) {
      case 'started': {
        const begun = {
          at,
          ...{ dataset: String(line['dataset']), start: String(line['start']), end: String(line['end']) },
          ...{ days: 0, problems: 0, retries: 0, error: undefined },
        };
        runs.push(begun);
        current.set(pid, begun);
        break;
      }
      case 'day':
        if (run !== undefined) run.days++;
        break;
      case 'problem':
        if (run !== undefined) run.problems++;
        break;
      case 'retry':
        if (run !== undefined) run.retries++;
        break;
      case 'replaced':
        replaced.push({
          at,
          dataset: run?.dataset ?? '',
          day: String(line['day']),
          ...{
            added: countOf(line['added']),
            removed: countOf(line['removed']),
            changed: countOf(line['changed']),
          },
        });
        break;
      default:
        if (run !== undefined && Number(line['level']) >= PINO_ERROR) run.error = String(line['msg']);
    }
  }
  return { runs: runs.reverse(), replaced: replaced.reverse() };
}

/** pino's number of the level. */
const PINO_ERROR = 50;

function parsed(text: string): readonly Line[] {
  try {
    return [Object(JSON.parse(text)) as Line];
  } catch {
    return [];
  }
}

function countOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
