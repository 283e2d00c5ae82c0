/**
 * One run whose disk fails at one call, judged: it has to say so, to leave nothing half done, and to complete
 * once the disk is well.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseSeries } from '#store/series/series-file.js';
import type { Ended, Workdir } from '../../support/workdir.js';
import { CHANGING, type DiskCall, hooked, type Injection, type LoggedCall, READING } from '../hooked.js';
import { type DiskVerb, discard, folderFor, results, runVerb, type Template } from './disk-verbs.js';

export const CALLS = { changing: CHANGING, reading: READING } as const;
export type Calls = keyof typeof CALLS;

/** What a run without trouble leaves, and how many calls it takes. */
export interface Untroubled {
  readonly verb: DiskVerb;
  readonly template: Template;
  readonly code: number | null;
  readonly results: Readonly<Record<string, string>>;
  readonly fitting: Readonly<Record<Calls, number>>;
}

export async function untroubled(verb: DiskVerb, template: Template): Promise<Untroubled> {
  const fitting = { changing: 0, reading: 0 };
  let found: Pick<Untroubled, 'code' | 'results'> | undefined;
  for (const calls of Object.keys(CALLS) as Calls[]) {
    const work = await folderFor(verb, template);
    const { ended, lines } = await struckRun(verb, work, { calls: CALLS[calls], at: 1e9, what: 'EIO' });
    fitting[calls] = lines.at(-1)?.calls ?? 0;
    found = { code: ended.code, results: await results(work) };
    await discard(work);
  }
  if (found === undefined) throw new Error('nothing was run');
  return { verb, template, ...found, fitting };
}

export interface Struck {
  readonly call: DiskCall;
  readonly path: string;
}

async function struckRun(
  verb: DiskVerb,
  work: Workdir,
  inject: Omit<Injection, 'path'>,
): Promise<{
  readonly ended: Ended;
  readonly lines: readonly LoggedCall[];
  readonly struck: readonly Struck[];
}> {
  const log = path.join(work.root, 'calls.ndjson');
  const below = `^(?:${[work.data, path.join(work.root, 'out')].map((name) => name.replaceAll(/[.\\]/g, '\\$&')).join('|')})`;
  const ended = await runVerb(verb, work, { env: hooked({ log, inject: { ...inject, path: below } }) });
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LoggedCall);
  const struck = lines.flatMap(({ at, call, path: file }) =>
    at === 'struck' ? [{ call, path: path.relative(work.root, file ?? '').replaceAll('\\', '/') }] : [],
  );
  return { ended, lines, struck };
}

/** Calls whose failure need not end the run, and why. */
const MAY_PASS: readonly {
  readonly verb?: string;
  readonly what?: readonly string[];
  readonly call?: readonly DiskCall[];
  readonly path: RegExp;
}[] = [
  // People look at it; nothing depends on it.
  { path: /(^|\/)\.barloom\.(?:run|verified)(\.|$)/ },
  // Derived, and only for speed: made again when it is needed.
  { path: /(^|\/)\.toc(\/|$)/ },
  // Looking for what killed runs left: it takes room, and that is all it does.
  { call: ['readdir'], path: /^data(\/(data_cache|massive_cache)(\/[a-z]+(_[a-z]+)+)?)?$|^out(\/moved)?$/ },
  // Whether there is a data folder at all: a name that cannot be looked into is something.
  { call: ['readdir'], path: /^data\/progress\.(json|ndjson)$/ },
  // What verify --repair finds whole when it has looked at everything once more needs no record of how it
  // became so.
  { verb: 'verify --repair', path: /^data(\/progress\.(json|ndjson).*)?$/ },
  // prune makes room on a full disk, and begins again.
  { verb: 'prune', what: ['ENOSPC', 'EDQUOT'], path: /^data\/(progress\.|tracked\.|\.barloom\.)/ },
  // A new folder that cannot be looked at is met again when it is made.
  { verb: 'move-archive', call: ['stat'], path: /^out\/moved$/ },
  // An old archive folder that cannot be removed stays, empty.
  { call: ['rmdir'], path: /^data\/massive_cache/ },
];

function mayPass(verb: DiskVerb, what: string, { call, path: file }: Struck): boolean {
  return MAY_PASS.some(
    (one) =>
      (one.verb ?? verb.name) === verb.name &&
      one.what?.includes(what) !== false &&
      one.call?.includes(call) !== false &&
      one.path.test(file),
  );
}

/** What is wrong with how the run took it; empty where it is as it must be. */
export async function trial(
  { verb, template, code, results: whole }: Untroubled,
  calls: Calls,
  inject: Pick<Injection, 'at' | 'times' | 'what'>,
): Promise<{ readonly struck: readonly Struck[]; readonly wrong: readonly string[] }> {
  const work = await folderFor(verb, template);
  const wrong: string[] = [];
  const { ended, lines, struck } = await struckRun(verb, work, { calls: CALLS[calls], ...inject });
  const [first] = struck;
  if (first === undefined) {
    await discard(work);
    return { struck, wrong };
  }
  if (
    ended.code !== 6 &&
    !(struck.some((one) => mayPass(verb, inject.what, one)) && (ended.code === code || ended.code === 3))
  )
    wrong.push(`exit ${ended.code ?? ended.signal}`);
  if (ended.code === 6) wrong.push(...messageFaults(ended.stderr, struck, inject.what));
  if (ended.code === code && ended.code !== 6) {
    const difference = firstDifference(await results(work), whole);
    if (difference !== undefined) wrong.push(`passed, but ${difference}`);
  }
  const left = leftovers(work.root).filter((name) => !couldNotGo(name, struck));
  if (left.length > 0) wrong.push(`left ${left.join(', ')}`);
  wrong.push(...torn(work), ...trusted(lines));
  const again = await runVerb(verb, work);
  // What was done when the disk failed, to the last step but one, is not done again: not tracked, moved,
  // there already.
  const isDone = ['remove', 'backup', 'move-archive'].includes(verb.name) && again.code === 2;
  if (again.code !== code && !isDone) wrong.push(`then exit ${again.code}: ${again.stderr.slice(-300)}`);
  const difference = firstDifference(await results(work), whole);
  if (difference !== undefined) wrong.push(`then ${difference}`);
  const still = leftovers(work.root).filter((name) => !couldNotGo(name, struck));
  if (still.length > 0) wrong.push(`then left ${still.join(', ')}`);
  if (wrong.length > 0) wrong.push(`said: ${ended.stderr.slice(-400)}`);
  await discard(work);
  return { struck, wrong };
}

const ADVICE: Readonly<Record<string, RegExp>> = {
  ENOSPC: /free some space/,
  EDQUOT: /free some space/,
  EROFS: /read-only/,
  EACCES: /fix the permissions/,
  EIO: /run the same command again/,
};

function messageFaults(stderr: string, struck: readonly Struck[], what: string): readonly string[] {
  const said = stderr
    .split('\n')
    .filter((line) => line.startsWith('barloom: '))
    .join('\n');
  const wrong: string[] = [];
  if (said === '') return ['said nothing'];
  if (!struck.some(({ path: file }) => said.includes(path.basename(file).replace(/\.\d+\.barloom-tmp$/, ''))))
    wrong.push(
      `does not name ${struck
        .map(({ path: file }) => file)
        .slice(0, 3)
        .join(', ')}`,
    );
  if (/barloom-tmp/.test(said)) wrong.push('names a temporary file');
  if (ADVICE[what]?.test(said) === false) wrong.push('does not say what to do');
  if (/bug of barloom/.test(said)) wrong.push('calls it a bug');
  if (/listing \d|fetching \d/.test(said)) wrong.push('names another operation');
  return wrong;
}

/**
 * What could not be removed may stay, and a lock of which nobody could tell any more whether it is ours: the
 * next run takes it over.
 */
function couldNotGo(name: string, struck: readonly Struck[]): boolean {
  if (struck.length > 1) return true;
  const [{ call, path: file } = { call: 'read', path: '' }] = struck;
  return file === name && (['unlink', 'rmdir'].includes(call) || name.endsWith('.barloom.lock'));
}

export function leftovers(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((name) => /barloom-tmp$|\.barloom\.lock/.test(name));
}

/** Files under a final name that are not whole; damage that the test itself made is left out by its name. */
function torn(work: Workdir): readonly string[] {
  const wrong: string[] = [];
  for (const name of Object.keys(work.everything())) {
    try {
      const bytes = readFileSync(work.at(name));
      if (/^data_cache\/[^/]*\.csv$/.test(name) && !name.includes('MSFT') && !parseSeries(bytes).ok)
        wrong.push(`torn ${name}`);
      if (/^massive_cache\/.*\.csv\.gz$/.test(name) && !name.includes('2024-06-03')) gunzipSync(bytes);
      if (name === 'progress.json') JSON.parse(bytes.toString());
    } catch (error) {
      wrong.push(`torn ${name}: ${(error as Error).message}`);
    }
  }
  return wrong;
}

/**
 * Files that got their final name although making them durable had failed, and nothing had written them anew.
 */
function trusted(lines: readonly LoggedCall[]): readonly string[] {
  const paths = new Map<number, LoggedCall>();
  const doubtful = new Set<string>();
  const wrong: string[] = [];
  for (const line of lines) {
    if (line.at === 'begin') {
      paths.set(line.id, line);
      if (line.call === 'open' && line.truncate === true && line.path !== undefined)
        doubtful.delete(line.path);
      if (line.call === 'rename' && line.from !== undefined && doubtful.has(line.from))
        wrong.push(`renamed after a failed fsync: ${path.basename(line.from)}`);
    } else if (line.at === 'failed' && line.call === 'fsync') {
      const { path: file } = paths.get(line.id) ?? {};
      if (file !== undefined) doubtful.add(file);
    }
  }
  return wrong;
}

function firstDifference(
  now: Readonly<Record<string, string>>,
  whole: Readonly<Record<string, string>>,
): string | undefined {
  for (const name of new Set([...Object.keys(now), ...Object.keys(whole)]))
    if (now[name] !== whole[name])
      return `${name} ${now[name] === undefined ? 'is lacking' : whole[name] === undefined ? 'is too much' : 'differs'}`;
  return undefined;
}
