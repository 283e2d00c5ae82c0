/** What the commands about quotes tell in the end, for people. */
import type { ImportEstimate } from '#tasks/quotes/estimate.js';
import type { ImportResult } from '#tasks/quotes/import.js';
import type { QuotesStatus, SymbolStatus } from '#tasks/quotes/status.js';
import { row } from './paragraph.js';
import { bytes, clockTime, count, counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';

export function importText(
  { plan, days, quotes, rows, bytes: size, problems, empty, seconds, exitCode }: ImportResult,
  { table, folder }: { readonly table: string; readonly folder: string },
): string {
  const lines = [
    row('days', `${count(days)} imported, ${count(plan.kept)} there already`),
    ...(plan.pending.length > 0 ? [row('not over', `${plan.pending.join(', ')}: run again tomorrow`)] : []),
    ...stateRows(problems),
    row(
      'quotes',
      `${count(quotes)}${quotes > rows ? `: ${count(rows)} kept, ${count(quotes - rows)} left out` : ''}`,
    ),
    row('size', `${bytes(size)}${rows > 0 ? `, ${(size / rows).toFixed(1)} bytes a row` : ''}`),
    row('time', `${duration(seconds)}${seconds > 0 ? `, ${count(quotes / seconds)} quotes a second` : ''}`),
    row('folder', safeText(folder)),
  ];
  const silent = [...empty].filter(([, n]) => n === days && days > 0).map(([symbol]) => symbol);
  if (silent.length > 0) lines.push(row('no quotes', `${safeText(silent.join(', '))}: is that the symbol?`));
  return `\n${table}\n${lines.join('\n')}\n\n${exitCode === 0 ? 'Complete.' : 'Not complete: run the same command again to go on.'}\n`;
}

function stateRows(problems: ImportResult['problems']): readonly string[] {
  const states = ['failed', 'missing', 'denied'] as const;
  return states.flatMap((state) => {
    const days = problems.filter((problem) => problem.state === state);
    return days.length === 0 ? [] : [row(state, counted(days.length, 'day'))];
  });
}

export function estimateText(estimate: ImportEstimate): string {
  const { asked, there, pending, todo, quotes, requests, per_minute, minutes, bytes: size, free } = estimate;
  const lines = [
    row(
      'days',
      `${count(todo)} to import, ${count(there)} there, ${count(pending)} not over yet (${count(asked)} asked for)`,
    ),
    ...(quotes === null ? [] : [row('quotes', `about ${count(quotes)}`)]),
    ...(requests === null ? [] : [row('requests', `about ${count(requests)}`)]),
    ...(minutes === null || per_minute === null
      ? []
      : [
          row(
            'time',
            `at least ${clockTime(minutes * 60)}, at the plan's ${count(per_minute)} requests a minute`,
          ),
        ]),
    ...(size === null
      ? []
      : [row('room', `about ${bytes(size)}${free === null ? '' : `; ${bytes(free)} are free`}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

export function quotesStatusText({ tables, run }: QuotesStatus): string {
  const parts: string[] = [];
  if (run !== undefined) parts.push(`${runLine(run)}\n`);
  for (const { table, symbols } of tables) parts.push(`${table}\n${symbols.map(symbolLine).join('\n')}\n`);
  if (tables.length === 0)
    parts.push('No quotes are imported yet: barloom quotes import AAPL 2024-01-02 2024-01-31\n');
  return parts.join('\n');
}

function runLine({
  running,
  table,
  symbols,
  range,
  days,
  done,
  failed,
  quotes,
  seconds,
  exit_code,
}: NonNullable<QuotesStatus['run']>): string {
  const what = `${table}: ${safeText(symbols.slice(0, 5).join(', '))}${symbols.length > 5 ? ', …' : ''} ${range.start} to ${range.end}`;
  const rate = seconds > 0 ? `, ${count(quotes / seconds)} rows/s` : '';
  const wrong = failed > 0 ? `, ${count(failed)} failed` : '';
  const far = `day ${count(done)} of ${count(days)}${wrong}, ${counted(quotes, 'quote')}${rate}`;
  if (running) {
    const left = done > 0 ? `, ETA ${clockTime((seconds / done) * (days - done))}` : '';
    return `running    ${what}\n           ${far}${left}`;
  }
  const how = exit_code === null ? 'it was killed' : `exit ${exit_code}`;
  return `last run   ${what}\n           ${far}, ${duration(seconds)}, ${how}`;
}

function symbolLine({
  symbol,
  days,
  first,
  last,
  quotes,
  rows,
  bytes: size,
  unreadable,
}: SymbolStatus): string {
  const kept = rows === quotes ? '' : ` of ${count(quotes)}`;
  const wrong = unreadable.length === 0 ? '' : `; ${counted(unreadable.length, 'file')} cannot be read`;
  return row(
    safeText(symbol).slice(0, 11),
    `${counted(days, 'day')}, ${first} to ${last}, ${counted(rows, 'row')}${kept}, ${bytes(size)}${wrong}`,
  );
}
