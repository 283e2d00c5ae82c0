/**
 * What verify found and mended, for people: at most 79 columns, the first of each kind; the --json document
 * has all.
 */
import type { Damage, Harmless, KeptRows, Suspicion, VerifyResult } from '#tasks/verify/result.js';
import { paragraph, row, wrapped } from './paragraph.js';
import { bytes, count, counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';

export interface VerifyView {
  /** As it is now: behind the repair, where there was one. */
  readonly result: VerifyResult;
  readonly repair:
    | {
        readonly damage: readonly (Damage & { readonly repaired: boolean })[];
        readonly mended: readonly { readonly file: string; readonly what: string }[];
      }
    | undefined;
  readonly seconds: number;
}

/** How many of each kind are named. */
const TOLD = 12;

export function verifyText(view: VerifyView): string {
  const { result, repair } = view;
  const lines = [
    `${result.dataset}  ${result.deep ? 'every byte' : 'structure and sizes'}; ${duration(view.seconds)}`,
    ...checkedPart(result),
    ...section(
      'damage',
      (repair?.damage ?? result.damage).map((one) => damageLine(one, repair !== undefined)),
    ),
    ...section('done', repair?.mended.map(({ file, what }) => `${file}: ${what}`) ?? []),
    ...section('yours, and kept: rows that the archive has otherwise', result.kept_files.map(keptLine)),
    ...section('in another form, nothing lost', result.harmless.map(harmlessLine)),
    ...section(
      'left out of the series',
      result.left_out.map(({ day, ticker, line, reason }) => `${day}  ${ticker}  line ${line}: ${reason}`),
    ),
    ...section(
      'suspicions',
      [...result.suspicions].sort((a, b) => (a.day < b.day ? 1 : -1)).map(suspicionLine),
    ),
    '',
    ...endPart(view),
  ];
  return `${lines.join('\n')}\n`;
}

function checkedPart(result: VerifyResult): string[] {
  const { checked, users_rows, kept_rows, waiting, touched, unrecorded, leftovers } = result;
  const members = result.deep ? [`${count(checked.members)} members`] : [];
  const days = ({
    days,
    series,
  }: {
    readonly days: readonly unknown[];
    readonly series: readonly unknown[];
  }) =>
    [
      ...(days.length > 0 ? [counted(days.length, 'day')] : []),
      ...(series.length > 0 ? [counted(series.length, 'series', 'series')] : []),
    ].join(' and ');
  return [
    ...wrapped('archive', [counted(checked.days, 'day'), ...members]),
    ...wrapped('series', [counted(checked.series, 'file'), counted(checked.rows, 'row')]),
    ...(users_rows.rows > 0
      ? [row('', `${counted(users_rows.rows, 'row')} of days that the archive lacks, not compared`)]
      : []),
    ...(kept_rows.rows > 0
      ? [row('', `${counted(kept_rows.rows, 'row')} of yours that the archive has otherwise: kept`)]
      : []),
    ...(waiting.length > 0
      ? [row('', `${count(waiting.length)} with rows that the next populate corrects`)]
      : []),
    row('read', result.deep ? bytes(checked.bytes) : `the ends of ${bytes(checked.bytes)}, and the series`),
    ...(days(touched) === '' ? [] : [row('touched', `${days(touched)} since barloom wrote them`)]),
    ...(days(unrecorded) === ''
      ? []
      : [row('new', `${days(unrecorded)} that progress.json does not know yet`)]),
    ...(leftovers.length > 0 ? wrapped('left over', firstOf(leftovers.map(safeText), 3)) : []),
  ];
}

function section(title: string, texts: readonly string[]): string[] {
  if (texts.length === 0) return [];
  const more = texts.length > TOLD ? [`  … and ${count(texts.length - TOLD)} more (--json has all)`] : [];
  return ['', `${title}:`, ...texts.slice(0, TOLD).flatMap((text) => paragraph(safeText(text))), ...more];
}

function damageLine(
  { file, day, what, ...more }: Damage & { readonly repaired?: boolean },
  repairing: boolean,
): string {
  const about = day === undefined || file.includes(day) ? '' : `${day}: `;
  const end = repairing ? (more.repaired === true ? ': repaired' : ': NOT repaired') : '';
  return `${file}: ${about}${what}${end}`;
}

function harmlessLine({ file, what }: Harmless): string {
  return `${file}: ${what}`;
}

function keptLine({ file, days }: KeptRows): string {
  const [first] = days;
  return `${file}: ${days.length === 1 ? first : `${count(days.length)} rows, the first of ${first}`}`;
}

function suspicionLine({ day, ticker, what }: Suspicion): string {
  return `${day}${ticker === undefined ? '' : `  ${ticker}`}  ${what}`;
}

function endPart({ result, repair }: VerifyView): string[] {
  const deep = result.deep ? ' --deep' : '';
  if (repair === undefined && result.damage.length > 0) {
    const found = `${count(result.damage.length)} damaged`;
    return paragraph(`${found}: barloom verify${deep} --repair repairs what it can.`, '');
  }
  const left = repair?.damage.filter(({ repaired }) => !repaired).length ?? 0;
  if (left > 0) {
    const mended = (repair?.damage.length ?? 0) - left;
    return paragraph(
      `${count(mended)} repaired, ${count(left)} not: for days of the archive the vendor has to be reached and to have them.`,
      '',
    );
  }
  const all = repair !== undefined && repair.damage.length > 0 ? 'All damage is repaired. ' : 'No damage. ';
  const form = result.harmless.length > 0 ? "--repair writes the other forms in barloom's own." : '';
  const next = result.deep ? '' : 'Only --deep reads every byte.';
  const yours =
    result.kept_rows.rows > 0 ? "Only barloom rebuild replaces your rows with the archive's." : '';
  return paragraph([all.trim(), next, yours, form].filter(Boolean).join(' '), '');
}

function firstOf(texts: readonly string[], n: number): readonly string[] {
  return texts.length <= n ? texts : [...texts.slice(0, n), `and ${count(texts.length - n)} more`];
}
