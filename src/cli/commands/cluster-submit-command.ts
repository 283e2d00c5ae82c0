/** `barloom cluster submit --slurm`: the tasks of a plan as array jobs: a script, submitted where sbatch is. */
import path from 'node:path';
import type { Invocation } from '#cli/invocation.js';
import { planUrl } from '#cli/options/plan-url.js';
import { counted } from '#cli/output/quantities.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type ClusterTools, withCluster } from '#cli/run/cluster-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { parsePlan } from '#ingest/cluster/read-plan.js';
import { openOutput } from '#platform/disk/output-file.js';
import { packageFile } from '#platform/package-file.js';
import { runProgram } from '#platform/run-program.js';
import { sbatchWords, slurmScript } from '#tasks/cluster/slurm-script.js';

/** Where data come from and go to: settings that a task on another machine has to be given too. None is secret. */
const PLACES = [
  ['endpoint', '--endpoint'],
  ['bucket', '--bucket'],
  ['profile', '--profile'],
  ['storeEndpoint', '--store-endpoint'],
  ['storeProfile', '--store-profile'],
] as const;
/** Handed on where they were given. */
const GIVEN = [
  ['concurrency', '--concurrency'],
  ['rateLimit', '--rate-limit'],
  ['bwlimit', '--bwlimit'],
  ['workers', '--workers'],
  ['sandboxTickers', '--sandbox-tickers'],
] as const;
const DEFAULT_TIME = '04:00:00';

export function clusterSubmitCommand(invocation: Invocation): Promise<number> {
  return reported('cluster submit', invocation, async () => {
    const { flags } = invocation;
    if (flags['slurm'] !== true)
      throw new UsageError('Say to what: --slurm. (A Kubernetes Job stands in docs/cluster.md.)');
    const plan = planUrl(flags['plan']);
    return withCluster({ ...invocation, args: [...invocation.args, plan.place] }, (tools) =>
      submit(plan, invocation, tools),
    );
  });
}

async function submit(
  { url, key, id }: ReturnType<typeof planUrl>,
  { flags, environment }: Invocation,
  { bucket, context }: ClusterTools,
): Promise<CommandResult> {
  const { tasks } = parsePlan(await bucket.read(key), bucket.nameOf(key));
  if (tasks.length === 0) throw new UsageError(`${url} has no tasks.`);
  const script = slurmScript({
    id,
    planUrl: url,
    tasks: tasks.length,
    largestBytes: Math.max(...tasks.flatMap(({ days }) => days.map(({ object }) => object.size))),
    program: [process.execPath, packageFile('#package/bin/barloom.js')],
    options: optionsOf(flags, context.settings),
    scratch: flags['scratch'] === undefined ? undefined : String(flags['scratch']),
    timeLimit: timeOf(flags['time']),
  });
  const file = path.resolve(environment.cwd, String(flags['output'] ?? `barloom-${id}.sh`));
  const output = await openOutput(file);
  await environment.tidied(output.drop, async () => {
    try {
      await output.write(script);
      await output.finish();
    } finally {
      await output.abandon();
    }
  });
  const calls = sbatchWords(tasks.length).map((words) => [...words, file]);
  const jobs = flags['dryRun'] === true ? [] : await sbatch(calls, environment.env);
  const told =
    jobs === undefined
      ? `sbatch is not here. On a machine that has it:\n${calls.map((words) => `  sbatch ${safeText(words.join(' '))}\n`).join('')}`
      : jobs.map((job) => `${safeText(job)}\n`).join('');
  return {
    exitCode: 0,
    text: `${counted(tasks.length, 'task')} in ${safeText(file)}\n${told}`,
    document: {
      ...(flags['dryRun'] === true ? { dry_run: true } : {}),
      plan: url,
      file,
      tasks: tasks.length,
      submissions: jobs ?? [],
    },
  };
}

function optionsOf(
  flags: Invocation['flags'],
  settings: ClusterTools['context']['settings'],
): readonly string[] {
  const places = PLACES.flatMap(([name, option]) => {
    const value = settings.text(name);
    return value === undefined ? [] : [option, value];
  });
  const given = GIVEN.flatMap(([name, option]) =>
    flags[name] === undefined ? [] : [option, String(flags[name])],
  );
  return [...places, ...given, ...(flags['sandbox'] === true ? ['--sandbox'] : [])];
}

/** What it says of each; undefined where there is none. Throws UsageError where it refuses. */
async function sbatch(
  calls: readonly (readonly string[])[],
  env: Invocation['environment']['env'],
): Promise<readonly string[] | undefined> {
  const said: string[] = [];
  for (const words of calls) {
    const ended = await runProgram('sbatch', words, '', env);
    if (ended === undefined) return undefined;
    if (ended.code !== 0)
      throw new UsageError(`sbatch failed with exit code ${ended.code}: ${ended.stderr.trim()}`);
    said.push(ended.stdout.trim());
  }
  return said;
}

/** Throws UsageError. */
function timeOf(given: unknown): string {
  const text = given === undefined ? DEFAULT_TIME : String(given);
  // Minutes, hours:minutes:seconds, days-hours and so on.
  if (/^(\d+-)?\d+(:\d\d){0,2}$/.test(text)) return text;
  throw new UsageError(
    `--time ${text} is no time limit of Slurm's: give 04:00:00, or 1-12 for a day and a half.`,
  );
}
