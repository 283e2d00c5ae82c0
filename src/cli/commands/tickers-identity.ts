/** `tickers --history TICKER`: who had it when; `tickers --on DAY --type CS`: what was listed then. */
import type { Invocation } from '#cli/invocation.js';
import type { CommandResult } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import type { CommandContext } from '#cli/run/context.js';
import { lakeTools } from '#cli/run/lake-tools.js';
import { UsageError } from '#cli/usage-error.js';
import { isIsoDay } from '#market/calendar/iso-day.js';
import { likePattern } from '#market/tickers/like.js';
import type { Ownership } from '#market/tickers/owners.js';
import { EXIT } from '#tasks/exit-code.js';
import { historyOf, type OwnerHistory } from '#tasks/identity/history.js';
import { listedOn } from '#tasks/identity/listed-on.js';
import { readIdentity } from '#tasks/identity/read-identity.js';
import { hasIdentity } from '#tasks/identity/with-identity.js';
import { withReader } from '#tasks/lake/open-lake.js';

export async function tickerHistory(context: CommandContext, invocation: Invocation): Promise<CommandResult> {
  const ticker = String(invocation.flags['history']);
  requireIdentity(context);
  const { layout } = context;
  const identity = await withReader(lakeTools('tickers', context, invocation), async (duck) =>
    readIdentity(layout, [ticker], await duck()),
  );
  const owners = historyOf(ticker, identity);
  if (owners.length === 0)
    invocation.environment.stderr(
      `Nothing is known of who had ${safeText(ticker)}: barloom fetch tickers ticker_events. Case is part of a ticker.\n`,
    );
  return {
    exitCode: owners.length === 0 ? EXIT.incomplete : 0,
    text: owners.length === 0 ? '' : historyText(ticker, owners),
    document: { ticker, owners: owners.map(ownerDocument) },
  };
}

function historyText(ticker: string, owners: readonly OwnerHistory[]): string {
  const lines = owners.flatMap(({ owner, names }) => [
    `  ${safeText(owner.name)}${owner.type === undefined ? '' : ` (${safeText(owner.type)})`}`,
    ...names.map((name) => `    ${spanText(name)}  ${safeText(name.ticker)}`),
  ]);
  return `${[safeText(ticker), ...lines].join('\n')}\n`;
}

function spanText({ start, end }: Ownership): string {
  return `${(start ?? '...').padEnd(10)} to ${(end ?? 'now').padEnd(10)}`;
}

function ownerDocument({ owner, names }: OwnerHistory) {
  return {
    company: owner.company,
    name: owner.name,
    type: owner.type ?? null,
    start: owner.start ?? null,
    end: owner.end ?? null,
    names: names.map(({ ticker, start, end }) => ({ ticker, start: start ?? null, end: end ?? null })),
  };
}

/** Throws UsageError. */
export async function listedTickers(context: CommandContext, invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const on = flags['on'] === undefined ? context.now.toISOString().slice(0, 10) : String(flags['on']);
  if (!isIsoDay(on))
    throw new UsageError(`--on ${on} is not a date of the calendar; write it as YYYY-MM-DD.`);
  requireIdentity(context);
  const type = String(flags['type']).toUpperCase();
  const fits = flags['like'] === undefined ? () => true : likePattern(String(flags['like']));
  const found = (
    await withReader(lakeTools('tickers', context, invocation), async (duck) =>
      listedOn(context.layout, on, type === 'ALL' ? undefined : type, await duck()),
    )
  ).filter(({ ticker }) => fits(ticker));
  const vague = found.filter(({ since }) => since === null).length;
  if (vague > 0)
    environment.stderr(`Of ${vague} of them the tables do not say since when: they may have come later.\n`);
  return {
    exitCode: 0,
    text: found.map(({ ticker, name }) => `${safeText(ticker)}\t${safeText(name)}\n`).join(''),
    document: { on, type: type === 'ALL' ? null : type, tickers: found },
  };
}

function requireIdentity({ layout }: CommandContext): void {
  if (!hasIdentity(layout))
    throw new UsageError(
      `${layout.dataDir} has no list of tickers: run barloom fetch tickers ticker_events first.`,
    );
}
