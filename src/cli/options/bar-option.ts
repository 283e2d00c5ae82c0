/**
 * `--bar` and `--session`: which bars are to be made of a dataset's, and whether it has what they are made
 * of.
 */

import { UsageError } from '#cli/usage-error.js';
import { momentStamps, periodStamps, type StampOf } from '#market/bars/resample.js';
import { type BarWidth, barWidthOf } from '#market/bars/width.js';
import { hasSession, hoursOf, SESSION_CHOICES, type SessionChoice } from '#market/calendar/trading-hours.js';
import { datasets } from '#market/datasets/all.js';
import type { Dataset } from '#market/datasets/dataset.js';
import { seriesColumns } from '#market/datasets/series-form.js';

/** Those that are listed; any number of minutes and hours below a day is known. */
export const BAR_NAMES = ['2m', '5m', '15m', '30m', '1h', '90m', '4h', '1d', '1w', '1mo', '3mo'] as const;
const ONE_MINUTE: BarWidth = { unit: 'minute', minutes: 1 };

export interface BarOption {
  readonly stampOf: StampOf;
  /** Of what is made: `Date` first, or `Datetime`. */
  readonly columns: readonly string[];
}

/** Undefined where neither is given: the dataset's own. Throws UsageError. */
export function barOption(flags: Readonly<Record<string, unknown>>, dataset: Dataset): BarOption | undefined {
  const width = widthOf(flags['bar']);
  const session = sessionOf(flags['session']);
  if (width === undefined && session === undefined) return undefined;
  const { name, series, calendar } = dataset;
  if (series.values !== 'bar' || series.of !== 'ticker')
    throw new UsageError(`--bar and --session make bars of a ticker's own; ${name} has none.`);
  const columns = (time: 'day' | 'moment') => seriesColumns({ ...series, time });
  if (series.time === 'moment') {
    const options = {
      timeZone: series.timeZone,
      hours: hoursOf(calendar),
      session: session ?? 'all',
    } as const;
    if (!hasSession(options.hours, options.session))
      throw new UsageError(
        `--session ${options.session}: ${name} is traded around the clock and has no nights.`,
      );
    return {
      stampOf: momentStamps(width ?? ONE_MINUTE, options),
      columns: columns(width?.unit === 'period' ? 'day' : 'moment'),
    };
  }
  if (width?.unit === 'period' && session === undefined)
    return { stampOf: periodStamps(width.period), columns: columns('day') };
  const option = session === undefined ? `--bar ${String(flags['bar'])}` : '--session';
  throw new UsageError(`${option} needs minutes, and ${name} has days only${orMinutesOf(name)}.`);
}

function widthOf(given: unknown): BarWidth | undefined {
  if (given === undefined) return undefined;
  const width = barWidthOf(String(given));
  if (width === undefined)
    throw new UsageError(
      `--bar ${JSON.stringify(given)} is not known: give ${BAR_NAMES.slice(0, -1).join(', ')} or ${BAR_NAMES.at(-1)}.`,
    );
  return width;
}

function sessionOf(given: unknown): SessionChoice | undefined {
  if (given === undefined) return undefined;
  const choice = SESSION_CHOICES.find((one) => one === given);
  if (choice === undefined)
    throw new UsageError(
      `--session ${JSON.stringify(given)} is not known: give ${SESSION_CHOICES.join(', ')}.`,
    );
  return choice;
}

function orMinutesOf(name: string): string {
  const minutes = name.replace(/_daily$/, '_minute');
  return minutes !== name && datasets.has(minutes) ? `: give -t ${minutes}` : '';
}
