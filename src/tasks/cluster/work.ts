/** Works a cluster's queue off: takes tasks, runs each, and tells the queue what became of it. */
import { readTask } from '#ingest/cluster/read-plan.js';
import type { ClusterTask, DayOutcome } from '#ingest/cluster/task.js';
import type { QueueTarget } from '#platform/queue/engine.js';
import { type Verdict, workQueue } from '#platform/queue/job-worker.js';
import { exitCodeOf, stopCode } from '../exit-code.js';
import { judgeOutcomes, judgeTaskError } from './judge-task.js';
import type { QueueNames } from './queues.js';

export interface WorkRequest {
  readonly target: QueueTarget;
  readonly names: QueueNames;
  readonly huge: boolean;
  readonly atOnce: number;
  /** Who this is, for people. */
  readonly name: string;
  readonly lockMs: number;
  readonly untilEmpty: boolean;
}

export interface WorkTools {
  /** Throws as `runClusterTask`. */
  readonly run: (task: ClusterTask) => Promise<readonly DayOutcome[]>;
  /** No other task is begun. */
  readonly drain: AbortSignal;
  /** Those under way are given back. */
  readonly abandon: AbortSignal;
  readonly onTask: (task: ClusterTask, verdict: Verdict) => void;
  readonly onAway: (isAway: boolean) => void;
}

export interface WorkResult {
  readonly exitCode: number;
  readonly tasks: Readonly<Record<Verdict['kind'], number>>;
  readonly days: number;
}

/** Throws QueueError, and what is this machine's trouble: keys, settings, disk. */
export async function work(request: WorkRequest, tools: WorkTools): Promise<WorkResult> {
  const tasks = { done: 0, again: 0, dead: 0, limited: 0, back: 0 };
  let days = 0;
  const judged = async (task: ClusterTask): Promise<Verdict> => {
    try {
      const outcomes = await tools.run(task);
      days += outcomes.filter(({ state }) => state === 'done').length;
      return judgeOutcomes(outcomes);
    } catch (error) {
      if (tools.abandon.aborted) return { kind: 'back' };
      const verdict = judgeTaskError(error);
      if (verdict === undefined) throw error;
      return verdict;
    }
  };
  const { names, huge } = request;
  await workQueue({
    ...request,
    queue: huge ? names.huge : names.usual,
    besides: [huge ? names.usual : names.huge],
    drain: tools.drain,
    onAway: tools.onAway,
    run: async (data) => {
      const task = readTask(data);
      if (task === undefined) return { kind: 'dead', why: 'it is no task that this barloom knows' };
      const verdict = await judged(task);
      tasks[verdict.kind]++;
      tools.onTask(task, verdict);
      return verdict;
    },
  });
  const stopped = stopCode({ signal: tools.drain });
  return { exitCode: stopped === 0 ? exitCodeOf({ incomplete: tasks.dead > 0 }) : stopped, tasks, days };
}
