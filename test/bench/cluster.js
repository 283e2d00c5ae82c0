// What the queue of `cluster` costs: 200 tasks through a real Redis by 1, 2 and 4 workers, each task as long as a source that gives a
// worker so many bytes a second needs for it (nothing is fetched, so that processors are not the limit), and tasks of no length, one
// worker. Efficiency: that length by the workers, to the time from the first task's begin to the last one's end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { withQueues } from '../../dist/platform/queue/job-queue.js';
import { workQueue } from '../../dist/platform/queue/job-worker.js';

const TASKS = 200;
const TASK_MS = 50;
const DATA = {
  id: 'bench',
  days: [{ day: '2024-01-02', object: { key: 'a/2024/01/2024-01-02.csv.gz', size: 1e6, etag: 'f' } }],
};

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});
const redis = spawn(
  'redis-server',
  ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
try {
  for await (const text of redis.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false }))
    if (text.includes('Ready to accept')) break;
  redis.stdout.resume();
  console.log('workers | ms a task | wall ms | efficiency | more ms a task');
  for (const [workers, ms] of [
    [1, TASK_MS],
    [2, TASK_MS],
    [4, TASK_MS],
    [1, 0],
  ]) {
    const wall = await run(workers, ms, `bench-${workers}-${ms}`);
    const efficiency = ms === 0 ? '' : ((TASKS * ms) / workers / wall).toFixed(2);
    const more = ((wall * workers) / TASKS - ms).toFixed(2);
    console.log(`${workers} | ${ms} | ${wall.toFixed(0)} | ${efficiency} | ${more}`);
  }
} finally {
  redis.kill();
  await once(redis, 'exit');
}

async function run(workers, ms, queue) {
  const target = { shown: 'bench', host: '127.0.0.1', port, database: 0, tls: false };
  const jobs = Array.from({ length: TASKS }, (_, n) => ({ id: `task-${n}`, data: DATA }));
  await withQueues(target, (queueOf) => queueOf(queue).add(jobs));
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  const request = {
    target,
    queue,
    besides: [],
    atOnce: 1,
    name: 'bench',
    lockMs: 30_000,
    untilEmpty: true,
    drain: new AbortController().signal,
    onAway: () => undefined,
    run: async () => {
      first = Math.min(first, performance.now());
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      last = performance.now();
      return { kind: 'done' };
    },
  };
  await Promise.all(Array.from({ length: workers }, () => workQueue(request)));
  return last - first;
}
