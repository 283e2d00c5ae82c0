/**
 * `barloom match`: a broker's lists against a Stooq archive on disk; `match status` and `match --explain`
 * only look.
 */
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { placesOf, policyOf, priceFormatOf, withOwnNames } from '#cli/options/match-options.js';
import { explainText } from '#cli/output/match-explain-text.js';
import { matchStatusText } from '#cli/output/match-status-text.js';
import { changeText, matchText, problemsText } from '#cli/output/match-text.js';
import { progressLine } from '#cli/output/progress-line.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { type CommandContext, commandContext } from '#cli/run/context.js';
import { workersOf } from '#cli/settings/workers.js';
import { UsageError } from '#cli/usage-error.js';
import { readState } from '#store/matching/state.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { explainInstrument } from '#tasks/match/explain.js';
import type { MatchPlaces } from '#tasks/match/request.js';
import { isIncomplete } from '#tasks/match/result.js';
import { matchToArchive } from '#tasks/match/run.js';

export function matchCommand(invocation: Invocation): Promise<number> {
  return reported('match', invocation, () => match(invocation));
}

async function match({ args, flags: given, environment }: Invocation): Promise<CommandResult> {
  const flags = withOwnNames(given);
  const context = await commandContext({ flags, environment }, 'anywhere');
  const places = placesOf(flags, context.layout, environment);
  const [what, ...more] = args;
  if (more.length > 0 || (what !== undefined && what !== 'status'))
    throw new UsageError(
      `match takes no ${[what, ...more].join(' ')}: barloom match, match status, or match --explain AAPL:US.`,
    );
  if (what === 'status') return status(places);
  if (flags['explain'] !== undefined) return explain(places, String(flags['explain']));
  return run({ flags, environment }, context, places);
}

async function run(
  { flags, environment }: Pick<Invocation, 'flags' | 'environment'>,
  context: CommandContext,
  places: MatchPlaces,
): Promise<CommandResult> {
  const dryRun = flags['dryRun'] === true;
  requireCount('--index-workers', flags['indexWorkers']);
  const say = (text: string): void => {
    if (!context.quiet && !context.json) environment.stderr(text);
  };
  const line = progressLine('reading', context, environment);
  let isUnchanged = false;
  const result = await matchToArchive({
    places,
    policy: policyOf(flags),
    format: priceFormatOf(flags),
    includeEmpty: flags['includeEmpty'] === true,
    workers: workersOf(context.settings, environment),
    full: flags['full'] === true,
    forceReindex: flags['forceReindex'] === true,
    dryRun,
    ...lockChoice({ flags, environment }),
    now: context.now,
    signal: environment.signal,
    onEvent: (event) => {
      if (event.type === 'reading') line.show(event.done, event.all);
      else {
        isUnchanged = event.type === 'unchanged';
        say(changeText(event));
      }
    },
  }).finally(line.end);
  environment.stderr(problemsText(result, context.quiet));
  const exitCode = exitCodeOf({ incomplete: isIncomplete(result.problems) });
  const { summary, work, problems, leftOut, doubles } = result;
  return {
    exitCode,
    text: matchText(result, places, dryRun),
    document: {
      dry_run: dryRun,
      unchanged: isUnchanged,
      ...summary,
      work,
      problems,
      left_out: leftOut,
      archive_doubles: doubles,
      files: {
        index: places.indexFile,
        match_report: places.matchReport,
        unmatched_report: places.unmatchedReport,
        prices: places.pricesDir,
        state: places.stateFile,
      },
    },
  };
}

async function status({ stateFile }: MatchPlaces): Promise<CommandResult> {
  const found = await readState(stateFile);
  if (found.kind !== 'found')
    throw new UsageError(
      `${stateFile} holds no run: run barloom match first, or say with --state where its state is.`,
    );
  const { summary } = found.state;
  return { exitCode: 0, text: matchStatusText(summary), document: { ...summary } };
}

async function explain(places: MatchPlaces, wanted: string): Promise<CommandResult> {
  const explanations = await explainInstrument(places, wanted);
  const explained = explanations.map(({ instrument, venue, tried, match: outcome, paths }) => ({
    instrument: { ...instrument, source_file: instrument.sourceFile, sourceFile: undefined },
    venue: venue?.name ?? null,
    tried,
    outcome,
    paths,
  }));
  return { exitCode: 0, text: explainText(explanations), document: { explained } };
}

function requireCount(option: string, given: unknown): void {
  if (given !== undefined && !/^\d+$/.test(String(given)))
    throw new UsageError(`${option} must be a whole number, not ${String(given)}.`);
}
