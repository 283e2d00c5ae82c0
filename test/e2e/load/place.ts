/** Where the tests of `load` load to: each database with a reader that is not ours. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inProcess } from '../../support/in-process.js';
import { archived, midnight } from '../../support/lake.js';
import { PASSWORD, type Postgres } from '../../support/postgres/postgres.js';
import { type RunOptions, Workdir } from '../../support/workdir.js';

const run = promisify(execFile);

export interface Place {
  readonly work: Workdir;
  /** For --to. */
  readonly to: string;
  /** What the database's own client prints: fields with `|` between, null as nothing. */
  sql(text: string): Promise<string>;
  /** `barloom load` in this process, which takes a tenth of the time of one of its own. */
  load(args?: string): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }>;
  /** And as a process. */
  spawn(args?: string, options?: RunOptions): ReturnType<Workdir['run']>;
}

export type PlaceMaker = (work?: Workdir) => Promise<Place>;

export function sqlitePlaces(): PlaceMaker {
  return async (given) => {
    const work = given ?? (await Workdir.make());
    const file = `${work.root}/market.db`;
    return place(work, `sqlite:${file}`, {}, async (text) => {
      const { stdout } = await run('sqlite3', ['-batch', file, text], { maxBuffer: 1 << 28 });
      return stdout.trimEnd();
    });
  };
}

let made = 0;

export function postgresPlaces(postgres: Postgres): PlaceMaker {
  return async (given) => {
    const work = given ?? (await Workdir.make());
    const name = `market${made++}`;
    const url = await postgres.database(name);
    // The client itself reads this variable.
    process.env.PGPASSWORD = PASSWORD;
    return place(work, url, { PGPASSWORD: PASSWORD }, (text) => postgres.sql(name, text));
  };
}

function place(work: Workdir, to: string, env: Readonly<Record<string, string>>, sql: Place['sql']): Place {
  const lineOf = (args: string): readonly string[] => [
    ...args.split(' ').filter(Boolean),
    '--to',
    to,
    '--data-dir',
    work.data,
  ];
  return {
    work,
    to,
    sql,
    load: (args = '') => inProcess(['load', ...lineOf(args)], work, env),
    spawn: (args = '', options = {}) =>
      work.run(['load', ...lineOf(args)], { ...options, env: { ...env, ...options.env } }),
  };
}

/** A line of a stock's day in the vendor's form: prices are about `open`. */
export function bar(ticker: string, day: string, open: string, volume = '1000.5'): string {
  return `${ticker},${volume},${open},${open},${open},${open},${midnight(day)},7`;
}

/** Days with so many tickers each, `T0001` …; prices differ in all. */
export async function manyDays(work: Workdir, days: readonly string[], tickers: number): Promise<void> {
  for (const [i, day] of days.entries())
    await archived(
      work,
      '',
      day,
      Array.from({ length: tickers }, (_, n) =>
        bar(`T${String(n).padStart(4, '0')}`, day, `${i + 1}.${String(n).padStart(4, '0')}`),
      ),
    );
}

/** So many weekdays of 2024. */
export function weekdays(n: number): readonly string[] {
  const days: string[] = [];
  for (let at = Date.UTC(2024, 0, 2); days.length < n; at += 86_400_000) {
    const date = new Date(at);
    if (date.getUTCDay() % 6 !== 0) days.push(date.toISOString().slice(0, 10));
  }
  return days;
}
