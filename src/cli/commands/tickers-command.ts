/**
 * `barloom tickers`: the tickers of a day of the market, or those that are tracked; one a line, for people
 * and for pipes.
 */

import type { Invocation } from '#cli/invocation.js';
import { trackedTickers } from '#cli/options/tracked-tickers.js';
import { type CommandResult, reported } from '#cli/output/reported.js';
import { safeText } from '#cli/output/safe-text.js';
import { type CommandContext, commandContext, oneDataset, requireData } from '#cli/run/context.js';
import { UsageError } from '#cli/usage-error.js';
import { tickersOfRows } from '#ingest/day/market-tickers.js';
import { type IsoDay, isIsoDay } from '#market/calendar/iso-day.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { likePattern } from '#market/tickers/like.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';
import type { ArchiveStore } from '#store/archive/store.js';
import { withDataFolder } from '#store/folder/open.js';
import { filesOfTickers } from '#store/lists/all-tracked.js';

export function tickersCommand(invocation: Invocation): Promise<number> {
  return reported('tickers', invocation, () => tickers(invocation));
}

async function tickers(invocation: Invocation): Promise<CommandResult> {
  const { flags, environment } = invocation;
  const context = await commandContext(invocation, 'anywhere');
  if (flags['history'] !== undefined || flags['type'] !== undefined) {
    const { listedTickers, tickerHistory } = await import('./tickers-identity.js');
    return flags['history'] === undefined
      ? listedTickers(context, invocation)
      : tickerHistory(context, invocation);
  }
  const dataset = oneDataset(context);
  const all = await trackedTickers(dataset, context, environment);
  const onlyTracked = flags['tracked'] === true;
  if (!onlyTracked || all.tickers.length === 0) requireData(context);
  const fits = flags['like'] === undefined ? () => true : likePattern(String(flags['like']));
  const market =
    onlyTracked && flags['on'] === undefined ? undefined : await marketOf(context, dataset, flags['on']);
  const lists = filesOfTickers(all);
  const listed = onlyTracked ? all.tickers : [...(market?.tickers ?? [])];
  const found = listed.filter((ticker) => fits(ticker) && market?.tickers.has(ticker) !== false);
  const long = flags['long'] === true ? await import('./tickers-long.js') : undefined;
  const facts = await long?.seriesFacts(found, dataset, context);
  const short = found.map((ticker) =>
    onlyTracked ? `${safeText(ticker)}\t${(lists.get(ticker) ?? []).join(', ')}` : safeText(ticker),
  );
  const lines = found.length === 0 ? [] : (long?.longText(facts ?? [], lists) ?? short);
  if (found.length === 0) environment.stderr(`${nothingText(flags, market?.day)}\n`);
  return {
    exitCode: 0,
    text: lines.map((line) => `${line}\n`).join(''),
    document: {
      datasets: [
        {
          dataset: dataset.name,
          on: market?.day ?? null,
          tickers: found.map((ticker, i) => ({ ...facts?.[i], ticker, tracked: lists.get(ticker) ?? [] })),
        },
      ],
    },
  };
}

interface Market {
  readonly day: IsoDay;
  readonly tickers: ReadonlySet<string>;
}

/** Throws UsageError where the archive does not hold the day, ArchiveDamage where it cannot be read. */
async function marketOf({ layout, now }: CommandContext, dataset: Dataset, on: unknown): Promise<Market> {
  if (on !== undefined && !isIsoDay(String(on)))
    throw new UsageError(`--on ${String(on)} is not a date of the calendar; write it as YYYY-MM-DD.`);
  return withDataFolder({ layout, access: 'read', command: 'tickers', now }, async (folder) => {
    const archive = folder.archive(dataset);
    const days = archive.days();
    const newest = days.at(-1);
    if (newest === undefined)
      throw new UsageError(`The archive ${layout.archiveDir} holds no day: run barloom populate first.`);
    if (on === undefined) return newestSound(archive, days);
    const day = String(on);
    if (!days.includes(day))
      throw new UsageError(
        `The archive does not hold ${day}: it holds ${days.length} days from ${days[0]} to ${newest}.`,
      );
    return { day, tickers: tickersOf(archive, day) };
  });
}

/** Of the newest day that can be read; throws the newest one's damage where none can. */
function newestSound(archive: ArchiveStore, days: readonly IsoDay[]): Market {
  let damage: unknown;
  for (const day of days.toReversed()) {
    try {
      return { day, tickers: tickersOf(archive, day) };
    } catch (error) {
      if (!(error instanceof ArchiveDamage)) throw error;
      damage ??= error;
    }
  }
  throw damage;
}

/** Throws ArchiveDamage that names the day. */
function tickersOf(archive: ArchiveStore, day: IsoDay): ReadonlySet<string> {
  try {
    return tickersOfRows(archive.takeRows(day, '*'));
  } catch (error) {
    throw error instanceof ArchiveDamage ? new ArchiveDamage(`${day}: ${error.message}`) : error;
  }
}

function nothingText(flags: Invocation['flags'], day: string | undefined): string {
  const like = flags['like'] === undefined ? '' : ` like ${safeText(String(flags['like']))}`;
  const where = flags['tracked'] === true ? 'tracked' : `in the market of ${day ?? ''}`;
  return `No ticker${like} is ${where}. Case is part of a ticker.`;
}
