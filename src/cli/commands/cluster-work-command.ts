/**
 * `barloom cluster work`: takes tasks of the queue, on every machine. The first signal lets those under way end,
 * for a while, then gives them back; the second stops at once, which is safe too.
 */
import type { Invocation } from '#cli/invocation.js';
import { workTaskText, workText } from '#cli/output/cluster-queue-text.js';
import { dayOutcomeText } from '#cli/output/cluster-text.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { requiredQueue } from '#cli/run/cluster-queue.js';
import { type ClusterTools, runRequest, withCluster } from '#cli/run/cluster-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { queueNames } from '#tasks/cluster/queues.js';
import { withTaskRunner } from '#tasks/cluster/run.js';
import { work } from '#tasks/cluster/work.js';

/** Below what Kubernetes and Slurm wait for before they kill. */
const GRACE_SECONDS = 20;
const LOCK_SECONDS = 30;
/** Days at once, of all tasks together. */
const DAYS_AT_ONCE = 8;
const MOST_AT_ONCE = 64;

export function clusterWorkCommand(invocation: Invocation): Promise<number> {
  return reported('cluster work', invocation, async () => {
    const { flags, environment } = invocation;
    const graceMs = 1000 * secondsIn(flags['grace'], '--grace', GRACE_SECONDS, 0);
    const abandon = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    environment.onStop((signal) => {
      timer = setTimeout(() => abandon.abort(signal), graceMs);
    });
    try {
      const patient = { ...invocation, environment: { ...environment, signal: abandon.signal } };
      return await withCluster(patient, (tools) => workOff(invocation, tools, abandon.signal));
    } finally {
      clearTimeout(timer);
    }
  });
}

async function workOff(
  invocation: Invocation,
  tools: ClusterTools,
  abandon: AbortSignal,
): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const { bucket, context, connection, place, writtenBy } = tools;
  const huge = flags['huge'] === true;
  const atOnce = atOnceIn(flags['concurrency'], huge);
  const lockMs = 1000 * secondsIn(flags['lock'], '--lock', LOCK_SECONDS, 1);
  const target = await requiredQueue(invocation, bucket);
  const source = await tools.source();
  const concurrency = Math.max(1, Math.floor(DAYS_AT_ONCE / atOnce));
  const tells = !context.quiet && !context.json;
  const tell = (text: string): void => {
    if (tells) environment.stderr(text);
  };
  const names = queueNames(place);
  const { clock, now } = environment;
  const lent = { source, bucket, retry: connection.retry, signal: abandon, clock, now, writtenBy };
  const untilEmpty = flags['untilEmpty'] === true;
  const asked = { target, names, huge, atOnce, name: writtenBy, lockMs, untilEmpty };
  const result = await withTaskRunner(runRequest(invocation, tools), lent, (run) => {
    tell(`barloom: waiting for tasks of ${huge ? names.huge : names.usual} at ${target.shown}\n`);
    return work(asked, {
      run: (task) =>
        run(task, { concurrency, onDay: (outcome) => tell(dayOutcomeText(task.dataset, outcome)) }),
      drain: environment.signal,
      abandon,
      onTask: (task, verdict) => tell(workTaskText(task, verdict)),
      onAway: (isAway) =>
        environment.stderr(
          `barloom: the queue at ${target.shown} is ${isAway ? 'away; waiting for it' : 'back'}\n`,
        ),
    });
  });
  const { done, again, dead, limited, back } = result.tasks;
  return {
    exitCode: result.exitCode,
    text: workText(result),
    document: { queue: target.shown, tasks: { done, again, dead, limited, back }, days_done: result.days },
  };
}

/** Throws UsageError. */
function atOnceIn(given: unknown, huge: boolean): number {
  if (given === undefined) return 1;
  const n = Number(given);
  if (!Number.isInteger(n) || n < 1 || n > MOST_AT_ONCE)
    throw new UsageError(`--concurrency must be a whole number from 1 to ${MOST_AT_ONCE}: tasks at once.`);
  if (huge && n > 1) throw new UsageError('--huge works one task at a time: leave --concurrency out.');
  return n;
}

/** Throws UsageError. */
function secondsIn(given: unknown, name: string, otherwise: number, least: number): number {
  if (given === undefined) return otherwise;
  const n = typeof given === 'string' && /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  if (Number.isNaN(n) || n < least) throw new UsageError(`${name} must be seconds, from ${least} on.`);
  return n;
}
