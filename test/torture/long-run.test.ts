/**
 * Years at once, through a heap of 128 MB: nothing grows with the number of days but what has to. Open files,
 * threads' listeners and bytes written to progress are counted; a heap that grew would end the process.
 */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { RunningSandbox } from '#sandbox/options.js';
import { type Ended, market, type RunOptions, Workdir } from '../support/workdir.js';
import { hooked, type LoggedCall } from './hooked.js';
import { LONG, scaled, technique } from './technique.js';

const t = technique('Long and large');
const HEAP = '--max-old-space-size=128 --trace-warnings';
const TRACKED = 'AAPL,MSFT,NVDA,TRUE,BRK.B,BApA';
const NOW = '2026-01-02T17:00:00Z';
const END = '2025-12-31';
/** A year, and many: 252 and 5,616 sessions in the long form, 20 and 126 in the quick one. */
const SHORT = LONG ? '2025-01-01' : '2025-12-03';
const YEARS = LONG ? '2003-09-10' : '2025-07-02';
const LONGEST_MS = 3_600_000;

interface Measured extends Ended {
  /** Most open files at a time in each quarter of the run. */
  readonly files: readonly number[];
  /** MB; 0 where the system does not tell. */
  readonly peak: number;
}

/** A run with the small heap; `env`'s own NODE_OPTIONS come behind it. */
async function measured(
  run: (options: RunOptions) => Promise<Ended>,
  more: RunOptions = {},
): Promise<Measured> {
  const files: number[] = [];
  let peak = 0;
  let timer: NodeJS.Timeout | undefined;
  const look = ({ pid }: ChildProcess): void => {
    try {
      files.push(readdirSync(`/proc/${pid}/fd`).length);
      peak =
        Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? peak * 1024) / 1024;
    } catch {
      // Over, or a system without /proc.
    }
  };
  const ended = await run({
    killAfterMs: LONGEST_MS,
    ...more,
    env: { ...more.env, NODE_OPTIONS: `${HEAP} ${more.env?.NODE_OPTIONS ?? ''}` },
    onStart: (child) => {
      timer = setInterval(() => look(child), 20);
    },
  });
  clearInterval(timer);
  expect(ended.stderr).not.toMatch(/Warning|heap/);
  const quarter = Math.max(1, Math.ceil(files.length / 4));
  return {
    ...ended,
    files: [0, 1, 2, 3].map((q) => Math.max(0, ...files.slice(q * quarter, (q + 1) * quarter))),
    peak: Math.round(peak),
  };
}

async function folder(sandbox: RunningSandbox): Promise<Workdir> {
  const work = await Workdir.make(sandbox);
  work.now = NOW;
  return work;
}

/** Bytes of the writes to progress.json and its journal, and how often the former was written. */
function progressWrites(log: string): { readonly bytes: number; readonly folds: number } {
  let [bytes, folds] = [0, 0];
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    if (!line.includes('progress.')) continue;
    const { at, call, path, bytes: written } = JSON.parse(line) as LoggedCall & { readonly bytes?: number };
    if (at === 'begin' && call === 'write' && /progress\.(json|ndjson)/.test(path ?? ''))
      bytes += written ?? 0;
    if (at === 'end' || call !== 'rename') continue;
    if (path?.endsWith('progress.json') === true) folds++;
  }
  return { bytes, folds };
}

it(
  'years populated, interrupted, run again, added to, rebuilt and looked at in 128 MB',
  async () => {
    const sandbox = await market({ now: new Date(NOW), tickers: scaled(0, 300), denied: [], missing: [] });
    const range = (start: string): string => `--start ${start} --end ${END}`;
    const short = await folder(sandbox);
    const shortLog = `${short.root}/log`;
    const year = await measured(
      (options) => short.populate(`${range(SHORT)} --tickers ${TRACKED}`, options),
      {
        env: hooked({ log: shortLog }),
      },
    );
    expect(year.code, year.stderr.slice(-400)).toBe(0);

    const work = await folder(sandbox);
    const log = `${work.root}/log`;
    await t.attempt('populate, as a whole', async () => {
      const whole = await measured(
        (options) => work.populate(`${range(YEARS)} --tickers ${TRACKED}`, options),
        {
          env: hooked({ log }),
        },
      );
      expect(whole.code, whole.stderr.slice(-400)).toBe(0);
      tell('populate', whole, year);
      noMoreFiles(whole);
      const [small, large] = [progressWrites(shortLog), progressWrites(log)];
      const days = (dir: Workdir): number =>
        readdirSync(dir.at('massive_cache')).filter((name) => name.endsWith('.gz')).length;
      const perDay = [small.bytes / days(short), large.bytes / days(work)];
      console.log(
        `progress: ${days(short)} days ${small.bytes} B, ${days(work)} days ${large.bytes} B, rewritten ${large.folds} times`,
      );
      // Linear: a day costs no more in a long run than in a short one, give or take what a run costs by
      // itself.
      expect(perDay[1]).toBeLessThan(2 * (perDay[0] ?? 0));
      expect(large.folds).toBeLessThanOrEqual(1 + Math.ceil(large.bytes / (4 << 20)));
    });

    const broken = await folder(sandbox);
    await t.attempt('interrupted and resumed', async () => {
      for (const done of [0.2, 0.5]) {
        const days = Number(
          /(\d+) sessions/.exec(
            (await broken.populate(`${range(YEARS)} --tickers ${TRACKED} --dry-run`)).stdout,
          )?.[1] ?? 20,
        );
        const ended = await broken.populate(`${range(YEARS)} --tickers ${TRACKED} --json`, {
          killAfterMs: LONGEST_MS,
          onStderr: (stderr, child) => {
            if (stderr.split('"type":"worked"').length > days * done)
              child.kill(done < 0.4 ? 'SIGKILL' : 'SIGINT');
          },
        });
        expect(ended.code === 130 || ended.signal === 'SIGKILL', String(ended.code)).toBe(true);
        t.injected();
      }
      const end = await measured((options) =>
        broken.populate(`${range(YEARS)} --tickers ${TRACKED}`, options),
      );
      expect(end.code, end.stderr.slice(-400)).toBe(0);
      expect(broken.tiers()).toEqual(work.tiers());
    });

    await t.attempt('again, and nothing to do', async () => {
      const times = work.times();
      const { gets } = await sandbox.requests();
      const again = await measured((options) =>
        work.populate(`${range(YEARS)} --tickers ${TRACKED}`, options),
      );
      expect(again.code).toBe(0);
      expect((await sandbox.requests()).gets).toBe(gets);
      expect(work.times()).toEqual(times);
      tell('again', again, year);
    });

    for (const verb of [
      'add META',
      'remove META',
      'rebuild --all-tickers',
      'rebuild',
      'verify',
      'verify --deep',
      'gaps',
      'status',
      'show AAPL',
      'export AAPL',
      'prune --keep-days 7300 --yes',
      'backup ../backup.tar --yes',
    ]) {
      await t.attempt(verb, async () => {
        const ended = await measured((options) => work.verb(verb, { ...options, cwd: work.data }));
        expect([0, ...(verb === 'gaps' ? [3] : [])], `${verb}: ${ended.stderr.slice(-400)}`).toContain(
          ended.code,
        );
        tell(verb, ended, year);
        noMoreFiles(ended);
      });
    }
    await t.attempt('nightly', async () => {
      const where = `--endpoint ${sandbox.endpoint}`;
      const ended = await measured((options) => work.verb(`nightly ${where}`, options));
      expect([0, 3], ended.stderr.slice(-400)).toContain(ended.code);
      tell('nightly', ended, year);
    });
  },
  LONGEST_MS,
);

function tell(what: string, { ms, files, peak }: Measured, year: Measured): void {
  console.log(
    `${what}: ${(ms / 1000).toFixed(1)} s, peak ${peak} MB (the short one ${year.peak}), open files ${files.join(' ')}`,
  );
}

/** Not more at the end than at the beginning, but for the few that come and go. */
function noMoreFiles({ files: [first = 0, second = 0, third = 0, last = 0] }: Measured): void {
  expect(last).toBeLessThanOrEqual(Math.max(first, second, third) + 16);
}

it.runIf(LONG)(
  'the market at its true size in 128 MB',
  async () => {
    const sandbox = await market({ now: new Date(NOW), tickers: 11_500, denied: [], missing: [] });
    for (const start of ['2025-10-01', '2024-01-01']) {
      await t.attempt(`from ${start}`, async () => {
        const work = await folder(sandbox);
        for (const args of [`--tickers ${TRACKED}`, '--all-tickers']) {
          const ended = await measured((options) =>
            work.populate(`--start ${start} --end ${END} ${args}`, options),
          );
          expect(ended.code, ended.stderr.slice(-400)).toBe(0);
          console.log(
            `true size from ${start} ${args}: ${(ended.ms / 1000).toFixed(0)} s, peak ${ended.peak} MB, open files ${ended.files.join(' ')}`,
          );
          noMoreFiles(ended);
        }
        for (const verb of ['verify --deep', 'rebuild --all-tickers', 'status', 'gaps']) {
          const ended = await measured((options) => work.verb(verb, options));
          expect([0, 3], `${verb}: ${ended.stderr.slice(-400)}`).toContain(ended.code);
          console.log(
            `true size from ${start} ${verb}: ${(ended.ms / 1000).toFixed(0)} s, peak ${ended.peak} MB`,
          );
        }
      });
    }
  },
  2 * LONGEST_MS,
);
