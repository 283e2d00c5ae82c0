/** What the commands of `cluster` tell of the queue, for people. */
import type { ClusterTask } from '#ingest/cluster/task.js';
import type { SeenJob } from '#platform/queue/job-queue.js';
import type { Verdict } from '#platform/queue/job-worker.js';
import type { QueueStatus } from '#tasks/cluster/queues.js';
import type { WorkResult } from '#tasks/cluster/work.js';
import { paragraph, row } from './paragraph.js';
import { count, counted, duration } from './quantities.js';
import { safeText } from './safe-text.js';

export function enqueuedText(shown: string, added: number, tasks: number): string {
  const there = tasks - added;
  return (
    `${counted(added, 'task')} put into the queue at ${safeText(shown)}` +
    `${there > 0 ? `, ${count(there)} there already` : ''}: barloom cluster work\n`
  );
}

export function workTaskText({ id }: Pick<ClusterTask, 'id'>, verdict: Verdict): string {
  return `${safeText(id)}: ${wordsOf(verdict)}\n`;
}

function wordsOf(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'done':
      return 'done';
    case 'again':
      return `will be tried again (${safeText(verdict.why)})`;
    case 'dead':
      return `given up: ${safeText(verdict.why)}`;
    case 'limited':
      return `the vendor asks to slow down: all wait ${duration(verdict.waitMs / 1000)}`;
    case 'back':
      return 'given back';
  }
}

export function workText({ tasks, days }: WorkResult): string {
  const more = [
    [tasks.again, 'to be tried again'],
    [tasks.dead, 'given up'],
    [tasks.back, 'given back'],
  ] as const;
  const rest = more.flatMap(([n, words]) => (n === 0 ? [] : [`, ${count(n)} ${words}`])).join('');
  return `${counted(tasks.done, 'task')} done${rest}; ${counted(days, 'day')} put into the bucket\n`;
}

/** `now`: ms since 1970. */
export function queueText(shown: string, queues: readonly QueueStatus[], now: number): string {
  const rows = queues.flatMap(({ kind, counts, workers, perMinute, active, dead }) => {
    const { waiting, delayed } = counts;
    const all = waiting + counts.active + delayed + counts.dead;
    if (kind === 'huge' && all + workers === 0) return [];
    const left = waiting + counts.active + delayed;
    const rate = perMinute === undefined ? '' : `, ${round(perMinute)} a minute`;
    const eta = perMinute === undefined || left === 0 ? '' : `: ${duration((left / perMinute) * 60)} to go`;
    return [
      row(
        kind === 'huge' ? 'huge tasks' : 'tasks',
        `${count(waiting)} waiting, ${count(counts.active)} under way, ${count(delayed)} to be tried again, ${count(counts.dead)} given up` +
          `; ${counted(workers, 'worker')}${rate}${eta}`,
      ),
      ...active.flatMap((job) => paragraph(`${safeText(job.id)}${underWay(job, now)}`, '    ')),
      ...dead.flatMap((job) =>
        paragraph(`${safeText(job.id)} given up: ${safeText(job.why ?? 'it does not say why')}`, '    '),
      ),
    ];
  });
  return `queue ${safeText(shown)}\n${rows.join('\n')}\n`;
}

function underWay({ at, by }: SeenJob, now: number): string {
  const since = at === undefined ? '' : ` for ${duration(Math.max(0, now - at) / 1000)}`;
  return ` under way${since}${by === undefined ? '' : `, ${safeText(by)}`}`;
}

function round(n: number): string {
  return n >= 10 ? count(Math.round(n)) : n.toFixed(1);
}
