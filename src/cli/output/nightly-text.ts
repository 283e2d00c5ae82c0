/**
 * The one line that a night leaves on stdout, and weekly's second, at most 79 columns: what matters most
 * stands first, and what does not fit is left out.
 */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { count, counted, duration } from './quantities.js';
import { short } from './unknown-text.js';

export interface NightView {
  readonly command: string;
  /** Named where there are several. */
  readonly dataset: string | undefined;
  /** Holes that were asked for and are still open, not those that were accepted. Ascending, like `added`. */
  readonly holes: readonly { readonly day: IsoDay; readonly state: string }[];
  /** Sessions that were not here before. */
  readonly added: readonly IsoDay[];
  readonly replaced: readonly IsoDay[];
  /** Tracked tickers whose bar of the newest day was left out. */
  readonly leftOut: readonly string[];
  /** Days that were read out of the archive for tickers that lacked them. */
  readonly fromArchive: number;
  /** Days that are here and were fetched again, since tickers lacked them and no archive is kept. */
  readonly fetchedAgain: number;
  readonly newest: IsoDay;
  /** Due and not published yet. */
  readonly late: IsoDay | undefined;
  /** Sessions behind the last that is due, where that is more than --max-lag. */
  readonly tooFarBehind: number | undefined;
  /** It ended early; stderr says why. */
  readonly ended: boolean;
  readonly exitCode: number;
  /** `all`: every ticker of the market; 0: none, the archive alone. */
  readonly tickers: number | 'all';
  /** Tracked tickers that no day has ever held, with the one that was perhaps meant. */
  readonly neverSeen: readonly { readonly ticker: string; readonly meant: string | undefined }[];
  readonly seconds: number;
}

const WIDTH = 79;

/** Long and short; an empty short one may go. */
type Part = readonly [long: string, short: string];

export function nightLine(view: NightView): string {
  const head = headOf(view);
  const unseen = unseenPart(view);
  // What is amiss first: where the line has no room, its end goes.
  const news = [...troubleOf(view), ...unseen, ...newsOf(view)];
  if (news.length === unseen.length && unseen.length > 0)
    news.unshift([`up to date to ${view.newest}`, 'up to date']);
  if (news.length === 0) return `${head}up to date to ${view.newest} (${asides(view).join('; ')})\n`;
  const parts: Part[] = [...news, [tickersOf(view), ''], [duration(view.seconds), '']];
  return `${head}${fitted(parts, WIDTH - head.length)}\n`;
}

function troubleOf(view: NightView): Part[] {
  const parts: Part[] = [];
  if (view.ended)
    parts.push([`ended early (exit code ${view.exitCode}), newest day here ${view.newest}`, 'ended early']);
  if (view.tooFarBehind !== undefined)
    parts.push([
      `${counted(view.tooFarBehind, 'session')} behind (newest ${view.newest})`,
      `${counted(view.tooFarBehind, 'session')} behind`,
    ]);
  for (const state of new Set(view.holes.map((hole) => hole.state)))
    parts.push(
      daysPart(
        view.holes.flatMap((hole) => (hole.state === state ? [hole.day] : [])),
        state,
      ),
    );
  if (view.leftOut.length > 0)
    parts.push([
      `${view.leftOut.slice(0, 3).join(', ')} left out on ${view.newest}`,
      `${counted(view.leftOut.length, 'ticker')} left out`,
    ]);
  return parts;
}

function newsOf(view: NightView): Part[] {
  const parts: Part[] = [];
  if (view.added.length > 0) parts.push(daysPart(view.added, 'added'));
  if (view.replaced.length > 0) parts.push(daysPart(view.replaced, 'replaced'));
  if (view.fromArchive > 0) parts.push([`${counted(view.fromArchive, 'day')} from the archive`, '']);
  if (view.fetchedAgain > 0)
    parts.push([`${counted(view.fetchedAgain, 'day')} fetched again for new tickers`, '']);
  return parts;
}

/**
 * `1 day added (2026-11-19)`, `2 days added (2026-11-18, 2026-11-19)`, `3 days added (2026-11-17 to
 * 2026-11-19)`.
 */
function daysPart(days: readonly IsoDay[], what: string): Part {
  const short = `${counted(days.length, 'day')} ${what}`;
  const which = days.length > 2 ? `${days[0]} to ${days.at(-1)}` : days.join(', ');
  return [`${short} (${which})`, short];
}

function asides(view: NightView): readonly string[] {
  const late = view.late === undefined ? [] : [`${view.late} is not there yet`];
  return [`${tickersOf(view)}, nothing new`, ...late];
}

/** `no day holds APPL (AAPL?)`. */
function unseenPart({ neverSeen: [first, ...others] }: NightView): Part[] {
  if (first === undefined) return [];
  const meant = first.meant === undefined ? '' : ` (${short(first.meant)}?)`;
  const more = others.length === 0 ? '' : ` and ${count(others.length)} more`;
  const brief = `${counted(others.length + 1, 'ticker')} in no day`;
  return [[`no day holds ${short(first.ticker)}${meant}${more}`, brief]];
}

function tickersOf({ tickers }: NightView): string {
  if (tickers === 0) return 'archive only';
  return tickers === 'all' ? 'every ticker' : counted(tickers, 'ticker');
}

/** As many in full as fit; the last are shortened first, then they go. */
function fitted(parts: readonly Part[], width: number): string {
  const lines = parts.map((_, short) => {
    const full = parts.length - short;
    return joinedTexts(parts.map(([long, brief], i) => (i < full ? long : brief)));
  });
  const briefs = parts.map(([, brief]) => brief);
  lines.push(...parts.map((_, gone) => joinedTexts(briefs.slice(0, parts.length - gone))));
  return lines.find((line) => line.length <= width) ?? lines.at(-1) ?? '';
}

function joinedTexts(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(', ');
}

export interface WeekView {
  readonly command: string;
  readonly dataset: string | undefined;
  /** Sessions that should be here and are not, those that were accepted left out. */
  readonly open: number;
  /** Older holes that were filled. */
  readonly filled: number;
  /** What was verified. */
  readonly days: number;
  readonly series: number;
  readonly damage: number;
  readonly seconds: number;
}

export function weekLine(view: WeekView): string {
  const head = headOf(view);
  const checked = `${counted(view.days, 'day')} and ${count(view.series)} series`;
  const damage = counted(view.damage, 'case of damage', 'cases of damage');
  const open = counted(view.open, 'open hole');
  const parts: Part[] = [
    view.damage > 0 ? [`${damage} in ${checked}`, damage] : [`${checked} sound`, 'sound'],
    view.open > 0 ? [open, open] : ['no open holes', ''],
  ];
  if (view.filled > 0)
    parts.push([`${counted(view.filled, 'older day')} filled`, `${count(view.filled)} filled`]);
  parts.push([duration(view.seconds), '']);
  return `${head}${fitted(parts, WIDTH - head.length)}\n`;
}

function headOf({ command, dataset }: Pick<NightView, 'command' | 'dataset'>): string {
  return `${command}${dataset === undefined ? '' : ` ${dataset}`}: `;
}
