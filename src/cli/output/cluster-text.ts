/** What the commands of `cluster` tell, for people. */
import type { ClusterTask, DayOutcome } from '#ingest/cluster/task.js';
import type { DatasetPlan } from '#tasks/cluster/plan.js';
import type { DatasetStatus, DayReason, PlanStatus } from '#tasks/cluster/status.js';
import { paragraph, row } from './paragraph.js';
import { bytes, count, counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';

/** Bytes a second of a line of 100 Mbit/s, for the estimate. */
const LINE_BYTES = 12_500_000;
const SHOWN = 10;

export function clusterPlanText(plans: readonly DatasetPlan[], url: string | undefined): string {
  const text = plans.map((one) => `${one.dataset.name}\n${planRows(one).join('\n')}\n`).join('');
  const tasks = plans.reduce((sum, one) => sum + one.tasks.length, 0);
  if (tasks === 0) return `${text}Nothing is to be done.\n`;
  if (url === undefined)
    return `${text}Nothing was written. Run the same command without --dry-run to plan it.\n`;
  return (
    `${text}${counted(tasks, 'task')} in ${safeText(url)}\n` +
    `One of them: barloom cluster task --plan ${safeText(url)} --index 0\n`
  );
}

function planRows({
  range,
  listed,
  done,
  dead,
  missing,
  tasks,
  bytes: size,
}: DatasetPlan): readonly string[] {
  const days = tasks.reduce((sum, task) => sum + task.days.length, 0);
  const rows = [
    row(
      'range',
      `${range.start} to ${range.end}: ${counted(listed, 'day')} listed, ${count(done)} in the bucket`,
    ),
  ];
  if (days > 0) {
    const huge = tasks.filter((task) => task.huge).length;
    rows.push(
      row(
        'to do',
        `${counted(days, 'day')} in ${counted(tasks.length, 'task')}, ${bytes(size)}` +
          (huge > 0 ? `; ${count(huge)} of them want a machine each` : ''),
      ),
      row('estimate', `${duration(size / LINE_BYTES)} to download over 100 Mbit/s`),
    );
  }
  if (dead > 0)
    rows.push(
      row('given up', `${counted(dead, 'day')}: barloom cluster status says why, cluster retry tries again`),
    );
  if (missing.length > 0) rows.push(row('missing', `${someDays(missing)}: overdue, and not listed`));
  return rows;
}

function someDays(days: readonly string[]): string {
  const more = days.length - SHOWN;
  return days.slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${count(more)} more` : '');
}

const WORDS: Readonly<Record<DayOutcome['state'], string>> = {
  done: 'done',
  there: 'there already',
  dead: 'given up',
  damaged: 'damaged',
  gone: 'not listed any more',
};

export function dayOutcomeText(dataset: string, outcome: DayOutcome): string {
  const why = 'why' in outcome ? `: ${safeText(outcome.why)}` : '';
  return `${dataset} ${outcome.day}: ${WORDS[outcome.state]}${why}\n`;
}

export function taskText({ id }: ClusterTask, outcomes: readonly DayOutcome[]): string {
  const states = Object.keys(WORDS) as DayOutcome['state'][];
  const parts = states.flatMap((state) => {
    const n = outcomes.filter((one) => one.state === state).length;
    return n === 0 ? [] : [`${counted(n, 'day')} ${WORDS[state]}`];
  });
  return `${id}: ${parts.join(', ')}\n`;
}

export function clusterStatusText(
  name: string,
  datasets: readonly DatasetStatus[],
  plan: PlanStatus | undefined,
): string {
  if (datasets.length === 0 && plan === undefined)
    return `${safeText(name)} holds no day yet: barloom cluster plan\n`;
  return `${safeText(name)}\n${datasets.map(datasetText).join('')}${plan === undefined ? '' : planText(plan)}`;
}

function datasetText(of: DatasetStatus): string {
  const rows =
    of.days === 0
      ? [row('days', 'none yet')]
      : [
          row(
            'days',
            `${count(of.days)}, ${of.first} to ${of.last}, ${bytes(of.archiveBytes)} (${bytes(of.textBytes)} of text)` +
              (of.replaced > 0 ? `; ${count(of.replaced)} of them replaced by the vendor` : ''),
          ),
        ];
  if (of.slowest.length > 0)
    rows.push(row('slowest', of.slowest.map(({ day, seconds }) => `${day} ${duration(seconds)}`).join(', ')));
  return [
    of.dataset,
    ...rows,
    ...reasons('unreadable', of.unreadable),
    ...reasons('damaged', of.damaged),
    ...reasons('given up', of.dead),
    '',
  ].join('\n');
}

function reasons(name: string, days: readonly DayReason[]): readonly string[] {
  if (days.length === 0) return [];
  const shown = days.slice(0, SHOWN).flatMap(({ day, why }) => paragraph(`${day}: ${safeText(why)}`, '    '));
  const more = days.length - SHOWN;
  return [
    row(name, counted(days.length, 'day')),
    ...shown,
    ...(more > 0 ? [`    and ${count(more)} more`] : []),
  ];
}

function planText({ id, tasks, days, bytesLeft, bytesPerSecond, secondsLeft }: PlanStatus): string {
  const rate =
    bytesPerSecond === undefined || secondsLeft === undefined || days.left === 0
      ? ''
      : `, ${bytes(bytesPerSecond)}/s in the last hour: ${duration(secondsLeft)} to go`;
  const dead = days.dead > 0 ? `, ${count(days.dead)} given up` : '';
  return [
    `plan ${id}`,
    row(
      'days',
      `${count(days.done)} of ${count(days.planned)} done${dead}, ${count(days.left)} left (${counted(tasks, 'task')})`,
    ),
    ...(days.left > 0 ? [row('left', `${bytes(bytesLeft)}${rate}`)] : []),
    '',
  ].join('\n');
}
