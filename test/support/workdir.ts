/**
 * A folder of its own for a test of the real command: spawns `bin/barloom.js` with nothing of this machine in
 * its environment, and looks at what it leaves behind. Tests of it are a few lines long.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { JsonDocument } from '#cli/output/json-document.js';
import type { DayState } from '#ingest/plan/day-state.js';
import type { RunningSandbox, SandboxOptions } from '#sandbox/options.js';
import { SANDBOX_CREDENTIALS } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';
import { VERIFIED_FILE } from '#store/ledger/verified-file.js';
import type { DatasetSummary } from '#tasks/populate/summary.js';

const BIN = fileURLToPath(new URL('../../bin/barloom.js', import.meta.url));
/**
 * A Friday noon in New York: Thursday's file is there. Long past, so that what is written now is newer than
 * every object.
 */
export const NOW = '2024-06-14T17:00:00Z';
export const HEADER = 'ticker,volume,open,close,high,low,window_start,transactions\n';
export const SERIES_HEADER = 'Date,Open,High,Low,Close,Volume\n';
/** Left running this long, a command is killed: a test that hangs tells nothing. */
const LONGEST_MS = 110_000;

export interface RunOptions {
  /** Besides, or in the place of, the few variables that a run has. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Told of all stderr so far whenever there is more of it. */
  readonly onStderr?: (stderr: string, child: ChildProcess) => void;
  /** Told of the process as soon as there is one. */
  readonly onStart?: (child: ChildProcess) => void;
  /** A command that runs the one that follows it, such as `unshare` with its options. */
  readonly within?: readonly string[];
  /** In the place of the work folder's own. */
  readonly dataDir?: string;
  /** SIGKILL after so many ms. */
  readonly killAfterMs?: number;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

export class Workdir {
  /** Holds everything, the home of the run included. */
  readonly root: string;
  /** The data folder; not made before a run makes it. */
  readonly data: string;
  /** Instant that the program takes for now. */
  now = NOW;
  endpoint: string | undefined;

  private constructor(root: string) {
    this.root = root;
    this.data = path.join(root, 'data');
  }

  /** Removed when the test ends, or when `whenOver` says. */
  static async make(
    of?: RunningSandbox | { readonly endpoint: string },
    whenOver: (remove: () => Promise<void>) => void = onTestFinished,
  ): Promise<Workdir> {
    const workdir = new Workdir(await mkdtemp(path.join(tmpdir(), 'barloom-work-')));
    await mkdir(path.join(workdir.root, 'home'));
    workdir.endpoint = of?.endpoint;
    whenOver(() => rm(workdir.root, { recursive: true, force: true, maxRetries: 3 }));
    return workdir;
  }

  /** Another one with a copy of the data, modification times included: files are known again by them. */
  async copy(whenOver?: (remove: () => Promise<void>) => void): Promise<Workdir> {
    const copy = await Workdir.make(undefined, whenOver);
    copy.endpoint = this.endpoint;
    copy.now = this.now;
    if (existsSync(this.data)) await copyTree(this.data, copy.data);
    return copy;
  }

  at(...names: readonly string[]): string {
    return path.join(this.data, ...names);
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const file = path.resolve(this.data, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  }

  read(...names: readonly string[]): string {
    return readFileSync(this.at(...names), 'utf8');
  }

  remove(...names: readonly string[]): Promise<void> {
    return rm(this.at(...names), { recursive: true });
  }

  has(...names: readonly string[]): boolean {
    return existsSync(this.at(...names));
  }

  series(fileStem: string): string {
    return this.read('data_cache', `${fileStem}_1d_data.csv`);
  }

  archiveText(day: string): string {
    return gunzipSync(readFileSync(this.at('massive_cache', `${day}.csv.gz`))).toString('utf8');
  }

  /** `populate` on this data folder and the endpoint given to `make`. */
  populate(args: string, options: RunOptions = {}): Promise<Ended> {
    const where = this.endpoint === undefined ? [] : ['--endpoint', this.endpoint];
    return this.run(
      ['populate', ...args.split(' ').filter(Boolean), '--data-dir', options.dataDir ?? this.data, ...where],
      options,
    );
  }

  /** Another verb on this data folder: `add NVDA --json`. */
  verb(args: string, options: RunOptions = {}): Promise<Ended> {
    return this.run(
      [...args.split(' ').filter(Boolean), '--data-dir', options.dataDir ?? this.data],
      options,
    );
  }

  /** Like `populate`, and the one dataset of its JSON document. */
  async populateJson(
    args: string,
    options: RunOptions = {},
  ): Promise<Ended & { readonly summary: DatasetSummary; readonly document: JsonDocument }> {
    const ended = await this.populate(`${args} --json`, options);
    const document = JSON.parse(ended.stdout) as JsonDocument;
    const [summary] = document.datasets;
    if (summary === undefined) throw new Error(`no dataset in ${ended.stdout}\n${ended.stderr}`);
    return { ...ended, document, summary };
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
    const begun = performance.now();
    const [program = '', ...rest] = [...(options.within ?? []), process.execPath, BIN, ...args];
    const child = spawn(program, rest, {
      cwd: options.cwd ?? this.root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: path.join(this.root, 'home'),
        BARLOOM_NOW: this.now,
        AWS_ACCESS_KEY_ID: SANDBOX_CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: SANDBOX_CREDENTIALS.secretAccessKey,
        ...options.env,
      },
    });
    options.onStart?.(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      options.onStderr?.(stderr, child);
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), options.killAfterMs ?? LONGEST_MS);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        resolve({ code, signal, stdout, stderr, ms: performance.now() - begun });
      });
    });
  }

  /**
   * SHA-256 of every day file and series by its path: tables of contents are derived, and the archive's
   * marker names the server.
   */
  tiers(): Readonly<Record<string, string>> {
    const isTier = (name: string): boolean =>
      /^(data_cache|massive_cache)\//.test(name) && !/\/\.(toc\/|source\.json$)/.test(name);
    return Object.fromEntries(Object.entries(this.everything()).filter(([name]) => isTier(name)));
  }

  /** SHA-256 of every file by its path below the data folder. */
  everything(): Readonly<Record<string, string>> {
    return this.facts((file) => createHash('sha256').update(readFileSync(file)).digest('hex'));
  }

  /**
   * Modification time (ns) and inode: what is rewritten, even with the same bytes, has others. Without what
   * verify keeps for report.
   */
  times(): Readonly<Record<string, string>> {
    return this.facts((file) => {
      const { mtimeNs, ino } = statSync(file, { bigint: true });
      return `${mtimeNs} ${ino}`;
    });
  }

  private facts(of: (file: string) => string): Readonly<Record<string, string>> {
    if (!existsSync(this.data)) return {};
    const files = readdirSync(this.data, { withFileTypes: true, recursive: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => path.basename(file) !== VERIFIED_FILE)
      .sort();
    const all: Record<string, string> = {};
    for (const file of files) {
      try {
        all[path.relative(this.data, file).replaceAll('\\', '/')] = of(file);
      } catch (error) {
        // A run that goes on meanwhile renames its unfinished files.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    return all;
  }
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) {
      await copyTree(source, target);
      continue;
    }
    await copyFile(source, target);
    // To the millisecond, and half of one more: what a binary float loses must not change the whole ones.
    const seconds = (Math.floor((await stat(source)).mtimeMs) + 0.5) / 1000;
    await utimes(target, seconds, seconds);
  }
}

/** A sandbox of a small market as of NOW, ended with the test. */
export async function market(options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  const sandbox = await startSandbox({ now: new Date(NOW), tickers: 0, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export function keyOf(day: string): string {
  return `us_stocks_sip/day_aggs_v1/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;
}

/** Hand-made days by their texts, as a sandbox's `objects`. */
export function dayObjects(
  texts: Readonly<Record<string, string | Uint8Array>>,
): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(texts).map(([day, text]) => [keyOf(day), gzipSync(text)]));
}

/** The vendor's line of a bar: prices are `open`, a bit above it, a bit below it. */
export function barLine(ticker: string, open = 10, volume = 100): string {
  return `${ticker},${volume},${open},${open + 0.5},${open + 1},${open - 1},1718251200000000000,7\n`;
}

/** The series' line of the same bar. */
export function seriesLine(day: string, open = 10, volume = 100): string {
  return `${day},${open},${open + 1},${open - 1},${open + 0.5},${volume}\n`;
}

export function statesOf(summary: DatasetSummary): Readonly<Record<string, DayState>> {
  return Object.fromEntries(summary.problems.map(({ day, state }) => [day, state]));
}

/** The days by state add up to the sessions. */
export function addsUp({ days }: DatasetSummary): boolean {
  const { sessions, ...states } = days;
  return Object.values(states).reduce((sum, n) => sum + n, 0) === sessions;
}

export async function getsOf(sandbox: RunningSandbox): Promise<Readonly<Record<string, number>>> {
  return (await sandbox.requests()).getsByKey;
}

/** Carries all out at the same time; throws the first failure, but only once all have ended. */
export async function together(works: Iterable<Promise<unknown>>): Promise<void> {
  for (const result of await Promise.allSettled(works)) if (result.status === 'rejected') throw result.reason;
}
