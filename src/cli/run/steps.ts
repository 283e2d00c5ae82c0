/**
 * The steps of sync and nightly that come after the download: one list, each step a command of its own, its
 * outcome kept beside the others.
 */
import path from 'node:path';
import { judgeError } from '#cli/errors.js';
import type { Invocation } from '#cli/invocation.js';
import { REPORT_NAME } from '#cli/options/own-files.js';
import type { LogFile } from '#cli/output/log-file.js';
import type { CommandResult } from '#cli/output/reported.js';
import { commandContext } from '#cli/run/context.js';
import type { Settings } from '#cli/settings/settings.js';
import { UsageError } from '#cli/usage-error.js';
import { endsTheNight } from '#tasks/exit-code.js';

export const STEPS = ['populate', 'fetch', 'lake', 'ratios', 'features', 'qlib', 'verify', 'report'] as const;
export type StepName = (typeof STEPS)[number];
export type LaterStep = Exclude<StepName, 'populate'>;

export interface StepOutcome {
  readonly step: StepName;
  readonly exit_code: number;
  readonly seconds: number;
  readonly message?: string;
  readonly datasets: unknown;
  /** Of fetch: what became of each type. */
  readonly types?: unknown;
  /** Of ratios. */
  readonly tables?: unknown;
  readonly text: string;
}

/** Every night `verify` reads so many calendar days again. */
const VERIFIED_DAYS = '31';

/** Throws UsageError for what is no step. */
export function stepsOf(settings: Settings, fallback: readonly StepName[]): readonly StepName[] {
  return (
    settings.texts('steps')?.map((given) => {
      const step = STEPS.find((one) => one === given);
      if (step === undefined)
        throw new UsageError(`${settings.origin('steps')}: ${given} is no step: give ${STEPS.join(', ')}.`);
      return step;
    }) ?? fallback
  );
}

export function isLater(step: StepName): step is LaterStep {
  return step !== 'populate';
}

/**
 * Runs one; what it throws is told and is its outcome. `flags`: of the command that runs it; `datasets`:
 * their names.
 */
export async function runStep(
  step: StepName,
  work: () => Promise<CommandResult>,
  { environment }: Pick<Invocation, 'environment'>,
): Promise<StepOutcome> {
  const begun = environment.clock();
  let result: CommandResult;
  try {
    result = await work();
  } catch (error) {
    environment.signal.throwIfAborted();
    const { exitCode, message } = judgeError(error);
    environment.stderr(`barloom: ${step}: ${message}\n`);
    result = { exitCode, message };
  }
  return {
    step,
    exit_code: result.exitCode,
    seconds: Math.round(environment.clock() - begun) / 1000,
    ...(result.message === undefined ? {} : { message: result.message }),
    datasets: result.document?.['datasets'] ?? [],
    ...(result.document?.['types'] === undefined ? {} : { types: result.document['types'] }),
    ...(result.document?.['tables'] === undefined ? {} : { tables: result.document['tables'] }),
    text: result.text ?? '',
  };
}

export interface StepTools {
  readonly invocation: Invocation;
  readonly verified?: 'last days' | 'all';
  /** Of who runs them: in the place of the one that the settings name. */
  readonly log?: LogFile;
}

/** Those after the download, until one ends the night. */
export async function runLaterSteps(
  steps: readonly LaterStep[],
  datasets: readonly string[],
  tools: StepTools,
): Promise<readonly StepOutcome[]> {
  const outcomes: StepOutcome[] = [];
  for (const step of steps) {
    const outcome = await runStep(step, () => WORK[step](datasets, tools), tools.invocation);
    outcomes.push(outcome);
    if (endsTheNight(outcome.exit_code)) break;
  }
  return outcomes;
}

const WORK: Readonly<
  Record<LaterStep, (datasets: readonly string[], tools: StepTools) => Promise<CommandResult>>
> = {
  fetch: async (_, { invocation, verified, log }) =>
    (await import('#cli/commands/fetch-run-command.js')).fetchStep(invocation, {
      weekly: verified === 'all',
      log,
    }),
  lake: async (datasets, { invocation }) =>
    (await import('#cli/commands/lake-build-command.js')).lakeBuild(
      withFlags(invocation, { dataset: datasets.join(',') }),
    ),
  ratios: async (_, { invocation }) =>
    (await import('#cli/commands/ratios-command.js')).ratios({ ...withFlags(invocation, {}), args: [] }),
  features: async (_, { invocation }) =>
    (await import('#cli/commands/features-command.js')).features({
      ...withFlags(invocation, {}),
      args: ['build'],
    }),
  qlib: async (_, { invocation }) =>
    (await import('#cli/commands/qlib-command.js')).qlibExport({
      ...withFlags(invocation, {}),
      args: ['export'],
    }),
  report: async (_, { invocation }) => {
    const { layout } = await commandContext(invocation);
    const output = path.join(layout.dataDir, REPORT_NAME);
    return (await import('#cli/commands/report-command.js')).report({
      ...withFlags(invocation, { output }),
      args: [],
    });
  },
  verify: async (datasets, { invocation, verified }) =>
    (await import('#cli/commands/lake-verify-command.js')).lakeVerify(
      withFlags(invocation, {
        dataset: datasets.join(','),
        ...(verified === 'all' ? {} : { days: VERIFIED_DAYS }),
      }),
    ),
};

/** The options that are every command's, and these. */
function withFlags(invocation: Invocation, more: Readonly<Record<string, unknown>>): Invocation {
  const { dataset: _, start: _s, ...flags } = invocation.flags;
  return { ...invocation, flags: { ...flags, ...more } };
}

/** `lake done, 2.1 s; features exit code 3, 0.4 s` */
export function stepsLine(outcomes: readonly StepOutcome[]): string {
  return outcomes
    .map(
      ({ step, exit_code, seconds }) =>
        `${step} ${exit_code === 0 ? 'done' : `exit code ${exit_code}`}, ${seconds.toFixed(1)} s`,
    )
    .join('; ');
}

/** For the JSON document. */
export function stepsDocument(outcomes: readonly StepOutcome[]): readonly Omit<StepOutcome, 'text'>[] {
  return outcomes.map(({ text: _, ...outcome }) => outcome);
}
