/** `barloom cluster sweep`: what crashes and lost races left in the bucket goes. */
import { confirm } from '#cli/confirm.js';
import type { Invocation } from '#cli/invocation.js';
import { bytes, counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { type ClusterTools, withCluster } from '#cli/run/cluster-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { type SweepResult, sweepBucket } from '#tasks/cluster/sweep.js';
import { stopCode } from '#tasks/exit-code.js';

/** A day of quotes may take hours to be written. */
const DEFAULT_HOURS = 168;
const HOUR_MS = 3_600_000;

export function clusterSweepCommand(invocation: Invocation): Promise<number> {
  return reported('cluster sweep', invocation, () =>
    withCluster(invocation, (tools) => sweep(invocation, tools)),
  );
}

async function sweep({ flags, environment }: Invocation, tools: ClusterTools): Promise<CommandResult> {
  const { bucket, context } = tools;
  const hours = hoursOf(flags['olderThan']);
  const request = { olderThanMs: hours * HOUR_MS, now: environment.now() };
  const found = await sweepBucket({ ...request, dryRun: true }, bucket);
  const dryRun = flags['dryRun'] === true;
  const told = textOf(found, hours);
  if (dryRun || found.objects === 0)
    return { exitCode: 0, text: told, document: documentOf(found, 0, dryRun) };
  if (!context.json) environment.stderr(told);
  if (!(await confirm(`Remove ${counted(found.objects, 'object')}?`, flags, environment)))
    return {
      exitCode: stopCode(environment),
      text: 'Nothing was removed.\n',
      document: documentOf(found, 0, false),
    };
  const removed = await sweepBucket({ ...request, dryRun: false }, bucket);
  return {
    exitCode: 0,
    text: `Removed ${counted(removed.objects, 'object')}, ${bytes(removed.bytes)}.\n`,
    document: documentOf(removed, removed.objects, false),
  };
}

function textOf({ objects, bytes: size, young }: SweepResult, hours: number): string {
  const kept = young === 0 ? '' : `; ${counted(young, 'younger one')} may be of attempts under way`;
  return `${counted(objects, 'object')} that no manifest names, ${bytes(size)}, older than ${hours} h${kept}.\n`;
}

function documentOf(
  { objects, bytes: size, young, superseded }: SweepResult,
  removed: number,
  dryRun: boolean,
) {
  return {
    ...(dryRun ? { dry_run: true } : {}),
    unnamed: { objects, bytes: size, young },
    superseded_objects: superseded,
    removed_objects: removed,
  };
}

/** Throws UsageError. */
function hoursOf(given: unknown): number {
  if (given === undefined) return DEFAULT_HOURS;
  const hours = Number(given);
  if (Number.isInteger(hours) && hours >= 1) return hours;
  throw new UsageError(`--older-than ${given} is no number of hours: give 1 or more.`);
}
