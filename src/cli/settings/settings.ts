/**
 * Where an option's value comes from: the command line, then `BARLOOM_*` in the environment (then some names
 * of other programs' there), then barloom.json in the data folder, then the user's config.json, then the default. Every value remembers its
 * origin.
 */
import path from 'node:path';
import { UsageError } from '#cli/usage-error.js';
import { zoneNamed } from '#market/calendar/zone.js';
import { jsonTrouble } from '#platform/disk/json-trouble.js';
import { readWhole } from '#platform/disk/read-whole.js';
import { shownUrl } from '#platform/http/shown-url.js';
import { isShallow, TOO_DEEP } from '#platform/json-depth.js';
import { whoElseWrites } from './who-else-writes.js';

/**
 * `count`: a whole number above 0; `rate`: so many a second, or a text such as `5/min`; `texts`: a list, or one
 * text with commas; `zone`: an IANA time zone. A name with a point is a group's in the files: `{"bulkImport": {"batchSize": 10000}}`.
 */
export type SettingKind = 'text' | 'zone' | 'count' | 'rate' | 'bytes' | 'switch' | 'texts';

interface SettingEntry {
  readonly kind: SettingKind;
  /** One line for people; the schema and `doctor` show it. */
  readonly text: string;
  /** What counts where nobody says anything, in words. */
  readonly otherwise: string;
  /** Where only some texts make sense. */
  readonly oneOf?: readonly string[];
  /** Of a count. */
  readonly most?: number;
  /** Whether it reaches beyond the data folder: a file that somebody else can write does not set it. */
  readonly reaches?: boolean;
  /** Not to be shown: people write tokens into it. */
  readonly hidden?: boolean;
  /** The command line's name, where that is shorter: `batchSize`. */
  readonly flag?: string;
  /** Another variable of the environment that is understood, behind the one of barloom's own. */
  readonly variable?: string;
}

/**
 * What can be set outside the command line too. barloom.schema.json is made of this table
 * (settings-schema.ts; a test compares them).
 */
export const SETTINGS = {
  dataDir: {
    kind: 'text',
    text: "The data folder. Not looked for in the folder's own barloom.json.",
    otherwise: 'the working directory; barloom-sandbox with --sandbox',
  },
  archiveDir: {
    kind: 'text',
    text: 'The archive on another drive, or in a bucket of your own: s3://BUCKET/PREFIX.',
    otherwise: 'massive_cache in the data folder',
  },
  storeEndpoint: {
    kind: 'text',
    text: 'The S3 endpoint of the bucket that holds the archive.',
    otherwise: "AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile's endpoint_url, or Amazon's of the region",
    reaches: true,
  },
  storeProfile: {
    kind: 'text',
    text: 'The profile in ~/.aws that holds the keys of that bucket.',
    otherwise: 'the keys in the environment, AWS_PROFILE, or default',
  },
  endpoint: {
    kind: 'text',
    text: 'The S3 endpoint, or file:DIR for a mirror of the bucket in a folder.',
    otherwise: "AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, the profile's endpoint_url, or the vendor's",
    reaches: true,
  },
  bucket: { kind: 'text', text: 'The bucket.', otherwise: 'flatfiles' },
  profile: {
    kind: 'text',
    text: 'The profile in ~/.aws that holds the keys.',
    otherwise: 'AWS_PROFILE, or massive',
  },
  concurrency: { kind: 'count', text: 'Days in flight at once.', otherwise: '8', most: 256 },
  restEndpoint: {
    kind: 'text',
    text: 'The REST API that fetch asks, or a proxy of it.',
    otherwise: "MASSIVE_API_URL, or the vendor's",
    reaches: true,
  },
  rateLimit: {
    kind: 'rate',
    text: 'At most this many requests: 10 (a second) or 5/min.',
    otherwise: 'no limit',
  },
  bwlimit: {
    kind: 'bytes',
    text: 'Bytes a second at most that are downloaded, by all transfers together: 500k, 10M, 1G.',
    otherwise: 'no limit',
  },
  workers: { kind: 'count', text: 'Worker threads.', otherwise: 'the processors, at most 4', most: 64 },
  tickerFiles: {
    kind: 'texts',
    text: 'Ticker lists.',
    otherwise: 'stocks.txt, ibd.txt, ibd20.txt, ltl.txt, cmb.txt and short.txt',
  },
  saveOthers: {
    kind: 'switch',
    text: 'Whether the whole market is kept in the archive, besides the series.',
    otherwise: 'true',
  },
  adjusted: {
    kind: 'switch',
    text: 'Whether populate, add, rebuild, nightly and sync keep adjusted series beside the raw ones, in data_cache/adjusted.',
    otherwise: 'false',
  },
  timeZone: {
    kind: 'zone',
    flag: 'tz',
    text: 'The time zone in which export and show write times: UTC, America/New_York. Series keep their own.',
    otherwise: "the dataset's own",
  },
  quiet: { kind: 'switch', text: 'Whether only problems and the result are told.', otherwise: 'false' },
  progress: { kind: 'switch', text: 'Whether a terminal gets a live line.', otherwise: 'true' },
  logFile: {
    kind: 'text',
    text: 'A file that every event is logged to, as NDJSON.',
    otherwise: 'none',
    reaches: true,
  },
  logLevel: {
    kind: 'text',
    text: 'How much of it is logged.',
    otherwise: 'info',
    oneOf: ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
  },
  datasets: {
    kind: 'texts',
    text: 'The datasets that nightly and weekly keep up.',
    otherwise: 'those that the folder holds',
  },
  steps: {
    kind: 'texts',
    text: 'What sync and nightly do, in this order: populate, fetch, lake, ratios, features, qlib, verify, report.',
    otherwise: 'populate for nightly; populate, lake and features for sync',
  },
  fetchTypes: {
    kind: 'texts',
    text: 'The types or groups that the step fetch keeps up.',
    otherwise: 'fundamentals, actions, reference and news',
  },
  archiveKeepDays: {
    kind: 'count',
    text: 'weekly removes days of the archive that are older than this number of calendar days before the newest.',
    otherwise: 'nothing is removed',
  },
  maxLag: {
    kind: 'count',
    text: 'nightly exits with 3 when the newest day is more than this many sessions older than the last that is due.',
    otherwise: 'not looked at',
  },
  onFinish: {
    kind: 'text',
    text: 'A shell command that gets the summary of nightly and weekly as JSON on stdin.',
    otherwise: 'none',
    hidden: true,
    reaches: true,
  },
  'bulkImport.batchSize': {
    kind: 'count',
    text: 'Quotes a page and a commit.',
    otherwise: '10000',
    flag: 'batchSize',
    variable: 'BULK_IMPORT_BATCH_SIZE',
  },
  'bulkImport.skipDuplicates': {
    kind: 'switch',
    text: 'Whether the check for duplicates is left out, for data that no database has yet.',
    otherwise: 'false',
    flag: 'skipDuplicates',
    variable: 'BULK_IMPORT_SKIP_DUPLICATES',
  },
  'historicalData.format': {
    kind: 'text',
    text: 'Where quotes go: Parquet files, or a database too.',
    otherwise: 'parquet',
    oneOf: ['parquet', 'database'],
    flag: 'format',
    variable: 'HISTORICAL_DATA_FORMAT',
  },
  'historicalData.path': {
    kind: 'text',
    text: 'The folder of imported quotes.',
    otherwise: 'quotes in the data folder',
    flag: 'historicalPath',
    variable: 'HISTORICAL_DATA_PATH',
  },
  'database.url': {
    kind: 'text',
    text: 'The database that load and quotes load fill: sqlite:FILE or postgres://HOST/NAME.',
    otherwise: 'none',
    flag: 'to',
    variable: 'DATABASE_URL',
  },
  'database.keepDays': {
    kind: 'count',
    text: 'A load keeps this number of calendar days before the newest in its table, and removes older ones.',
    otherwise: 'nothing is removed',
    flag: 'keepDays',
  },
} as const satisfies Record<string, SettingEntry>;

export type SettingName = keyof typeof SETTINGS;

export interface Setting {
  readonly value: unknown;
  /** `--concurrency`, `BARLOOM_CONCURRENCY`, a file's path, or `default`. */
  readonly origin: string;
}

export interface EffectiveSetting extends Setting {
  readonly name: SettingName;
  /** The value without what is nobody's business: commands, and names, passwords and queries in URLs. */
  readonly shown: string;
  /** Why the value cannot be used, where it cannot. */
  readonly problem?: string;
}

export interface Settings {
  text(name: SettingName): string | undefined;
  /** An IANA name that the engine knows. */
  zone(name: SettingName): string | undefined;
  count(name: SettingName, fallback: number): number;
  optionalCount(name: SettingName): number | undefined;
  /** So many a second. */
  rate(name: SettingName): number | undefined;
  /** So many a second. */
  bytes(name: SettingName): number | undefined;
  switch(name: SettingName, fallback: boolean): boolean;
  texts(name: SettingName): readonly string[] | undefined;
  origin(name: SettingName): string;
  /** Every setting in the table's order, checked; a default's value is said in words. Never throws. */
  all(): readonly EffectiveSetting[];
  /** What somebody else may have set and is not followed, in sentences. */
  readonly warnings: readonly string[];
  /**
   * What looks like a setting and is none, in sentences: unknown `BARLOOM_*` variables, dataDir in the
   * folder's own file.
   */
  readonly notes: readonly string[];
}

export interface SettingSources {
  /** Only options that were really given. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly cwd: string;
  /** Where barloom.json is looked for unless dataDir is set. */
  readonly defaultDataDir: string;
}

/** Read by the program for other ends: the clock of tests, and a URL that may hold a password. */
const OTHER_VARIABLES = ['BARLOOM_NOW', 'BARLOOM_QUEUE_URL'];

/** Throws UsageError for an unknown key or a value of the wrong kind, naming where it stands. */
export async function loadSettings(sources: SettingSources): Promise<Settings> {
  const { flags, env, home, cwd } = sources;
  const userFile = path.join(env['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'barloom', 'config.json');
  const layers: Layer[] = [
    { name: '', values: flags },
    { name: 'environment', values: fromEnvironment(env) },
    { name: 'variables', values: fromVariables(env) },
  ];
  const user = { name: userFile, values: await readConfig(userFile) };
  const dataDir = lookUp([...layers, user], 'dataDir')?.value;
  const folder = path.resolve(cwd, typeof dataDir === 'string' ? dataDir : sources.defaultDataDir);
  const folderFile = path.join(folder, 'barloom.json');
  const { dataDir: ignored, ...ofFolder } = await readConfig(folderFile);
  const { values, warnings } = await trusted(folderFile, ofFolder);
  layers.push({ name: folderFile, values }, user);

  const find = (name: SettingName): Setting | undefined => lookUp(layers, name);
  const read = <T>(name: SettingName, reading: Reading<T>): T | undefined => {
    const found = find(name);
    if (found === undefined) return undefined;
    const value = reading.of(found.value);
    if (value === undefined || isTooMany(SETTINGS[name], value))
      throw new UsageError(complaint(name, found, wishOf(SETTINGS[name], reading.wish)));
    return value;
  };
  const all = Object.keys(SETTINGS) as readonly SettingName[];
  return {
    text: (name) => read(name, READINGS.text),
    zone: (name) => read(name, READINGS.zone),
    optionalCount: (name) => read(name, READINGS.count),
    rate: (name) => read(name, READINGS.rate),
    bytes: (name) => read(name, READINGS.bytes),
    count: (name, fallback) => read(name, READINGS.count) ?? fallback,
    switch: (name, fallback) => read(name, READINGS.switch) ?? fallback,
    texts: (name) => read(name, READINGS.texts),
    origin: (name) => find(name)?.origin ?? 'default',
    all: () => all.map((name) => effective(name, find(name))),
    warnings,
    notes: [
      ...(await unknownVariables(env)),
      ...(ignored === undefined
        ? []
        : [`${folderFile}: dataDir has no effect in the data folder's own file`]),
    ],
  };
}

interface Reading<T> {
  /** What it must be, for people. */
  readonly wish: string;
  /** Undefined where it is not that. The environment's values are texts. */
  readonly of: (raw: unknown) => T | undefined;
}

const READINGS = {
  text: {
    wish: 'a text',
    of: (raw: unknown) => (typeof raw === 'string' && raw !== '' ? raw : undefined),
  },
  zone: {
    wish: 'a time zone such as UTC, America/New_York or Europe/Berlin',
    of: (raw: unknown) => (typeof raw === 'string' ? zoneNamed(raw) : undefined),
  },
  rate: { wish: 'a number above 0, or per minute such as 5/min, 1/h at least', of: rate },
  bytes: { wish: 'so many bytes a second such as 500k or 10M, 100k at least', of: bytesOf },
  count: {
    wish: 'a whole number above 0',
    of: (raw: unknown) => {
      const n = positive(raw);
      return Number.isInteger(n) ? n : undefined;
    },
  },
  switch: {
    wish: 'true or false',
    of: (raw: unknown) => {
      if (raw === true || raw === '1' || raw === 'true') return true;
      return raw === false || raw === '0' || raw === 'false' ? false : undefined;
    },
  },
  texts: {
    wish: 'a list of texts',
    of: (raw: unknown) => {
      const list: unknown = typeof raw === 'string' ? raw.split(',') : raw;
      return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined;
    },
  },
} as const satisfies Record<SettingKind, Reading<unknown>>;

function positive(raw: unknown): number | undefined {
  const n = typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : raw;
  return typeof n === 'number' && n > 0 && Number.isFinite(n) ? n : undefined;
}

/** A second. */
function rate(raw: unknown): number | undefined {
  const match = typeof raw === 'string' ? /^(\d+(?:\.\d+)?)\/(s|sec|m|min|h|hour)$/.exec(raw.trim()) : null;
  const seconds = { s: 1, m: 60, h: 3600 }[match?.[2]?.slice(0, 1) ?? 's'] ?? 1;
  const perSecond = positive(match === null ? raw : Number(match[1]) / seconds);
  return perSecond === undefined || perSecond < LEAST_RATE ? undefined : perSecond;
}

/** `500k`, `10M`, `1G`, or a number of bytes: powers of ten, as connections are measured. */
function bytesOf(raw: unknown): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kMG]?)$/i.exec(String(raw)) ?? [];
  const bytes = Number(number) * 1000 ** ['', 'k', 'm', 'g'].indexOf(unit.toLowerCase());
  return bytes >= LEAST_BYTES ? bytes : undefined;
}

/** With less, connections look as if they had stalled. */
const LEAST_BYTES = 100_000;

/** Slower than one an hour nothing ever ends. */
const LEAST_RATE = 1 / 3600;

function isTooMany({ most = Number.POSITIVE_INFINITY }: SettingEntry, value: unknown): boolean {
  return typeof value === 'number' && value > most;
}

function wishOf({ most }: SettingEntry, wish: string): string {
  return most === undefined ? wish : `a whole number from 1 to ${most}`;
}

function effective(name: SettingName, found: Setting | undefined): EffectiveSetting {
  const entry: SettingEntry = SETTINGS[name];
  if (found === undefined) return { name, value: entry.otherwise, shown: entry.otherwise, origin: 'default' };
  const { wish, of } = READINGS[entry.kind];
  const value = of(found.value);
  const told = {
    name,
    value: value ?? found.value,
    shown: shownOf(entry, value ?? found.value),
    origin: found.origin,
  };
  const known = entry.oneOf;
  if (value === undefined || isTooMany(entry, value))
    return { ...told, problem: complaint(name, found, wishOf(entry, wish)) };
  if (known === undefined || known.includes(String(value))) return told;
  return { ...told, problem: complaint(name, found, `one of ${known.join(', ')}`) };
}

function shownOf({ hidden }: SettingEntry, value: unknown): string {
  if (hidden === true) return '(set, and not shown)';
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return shownUrl(text);
}

function complaint(name: SettingName, { value, origin }: Setting, wish: string): string {
  const { hidden }: SettingEntry = SETTINGS[name];
  const instead = hidden === true ? 'what stands there' : quoted(value);
  return `${origin.startsWith('--') ? origin : `${origin}: ${name}`} must be ${wish}, not ${instead}`;
}

/** Of a wrong value so much that it is found again. */
const QUOTED = 80;

function quoted(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(shownUrl(value))
      : // Where a text is wanted and more stands, it may be keys.
        JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? '…' : part));
  return text.length > QUOTED ? `${text.slice(0, QUOTED)}…` : text;
}

interface Layer {
  /** '' is the command line. */
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

function lookUp(layers: readonly Layer[], name: SettingName): Setting | undefined {
  const { flag = name, variable = '' }: SettingEntry = SETTINGS[name];
  for (const layer of layers) {
    const value = layer.values[layer.name === '' ? flag : name];
    if (value === undefined) continue;
    switch (layer.name) {
      case '':
        return { value, origin: flagName(flag, value) };
      case 'environment':
        return { value, origin: environmentName(name) };
      case 'variables':
        return { value, origin: variable };
      default:
        return { value, origin: layer.name };
    }
  }
  return undefined;
}

/** `--data-dir`; `--no-save-others` for a switch that is off. */
export function flagName(name: string, value?: unknown): string {
  const words = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return value === false ? `--no-${words}` : `--${words}`;
}

/** `BARLOOM_DATA_DIR`; of `bulkImport.batchSize` `BARLOOM_BULK_IMPORT_BATCH_SIZE`. */
export function environmentName(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => `_${letter}`).replace('.', '_');
  return `BARLOOM_${words.toUpperCase()}`;
}

function fromEnvironment(env: SettingSources['env']): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(SETTINGS)) {
    const value = env[environmentName(name)];
    if (value !== undefined && value !== '') values[name] = value;
  }
  return values;
}

/** Those under the names that other programs gave them. */
function fromVariables(env: SettingSources['env']): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(SETTINGS)) {
    const { variable }: SettingEntry = entry;
    const value = variable === undefined ? undefined : env[variable];
    if (value !== undefined && value !== '') values[name] = value;
  }
  return values;
}

async function unknownVariables(env: SettingSources['env']): Promise<readonly string[]> {
  const names = Object.keys(SETTINGS);
  const known = [...names.map(environmentName), ...OTHER_VARIABLES];
  const strange = Object.keys(env).filter((name) => name.startsWith('BARLOOM_') && !known.includes(name));
  if (strange.length === 0) return [];
  const nearest = await nearestOf(names);
  return strange.sort().map((variable) => {
    const meant = nearest(variable.slice('BARLOOM_'.length));
    const hint = meant === undefined ? '' : `; did you mean ${environmentName(meant)}?`;
    return `the variable ${variable} means nothing here${hint}`;
  });
}

/** What a file that somebody else can write may set, and what of it is not followed. */
async function trusted(
  file: string,
  values: Readonly<Record<string, unknown>>,
): Promise<{ readonly values: Readonly<Record<string, unknown>>; readonly warnings: readonly string[] }> {
  const entries: Readonly<Record<string, SettingEntry>> = SETTINGS;
  const reaching = Object.keys(values).filter((name) => entries[name]?.reaches === true);
  const why = reaching.length === 0 ? undefined : await whoElseWrites(file);
  if (why === undefined) return { values, warnings: [] };
  const rest = Object.entries(values).filter(([name]) => !reaching.includes(name));
  const warning = `${file}: ${reaching.join(', ')} not followed, since ${why}: fix that, or say it in the user's own config.json`;
  return { values: Object.fromEntries(rest), warnings: [warning] };
}

/** Of a file of settings. */
const MOST_BYTES = 1 << 20;

async function readConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = (await readWhole(file, MOST_BYTES, 'refuse')).toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${jsonTrouble(error, text)}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UsageError(`${file} must hold an object such as {"concurrency": 16}`);
  if (!isShallow(json)) throw new UsageError(`${file}: ${TOO_DEEP}`);
  const flat = flattened(json as Record<string, unknown>);
  const unknown = Object.keys(flat).filter((key) => key !== '$schema' && !Object.hasOwn(SETTINGS, key));
  if (unknown.length > 0) throw new UsageError(`${file}: ${await unknownKeys(unknown)}`);
  return flat;
}

const GROUPS = new Set(
  Object.keys(SETTINGS).flatMap((name) => (name.includes('.') ? name.split('.', 1) : [])),
);

/** `{"bulkImport": {"batchSize": 5}}` is `bulkImport.batchSize`. */
function flattened(json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(json).flatMap(([key, value]) =>
      GROUPS.has(key) && typeof value === 'object' && value !== null
        ? Object.entries(value).map(([name, inner]) => [`${key}.${name}`, inner])
        : [[key, value]],
    ),
  );
}

async function unknownKeys(keys: readonly string[]): Promise<string> {
  const known = Object.keys(SETTINGS);
  const nearest = await nearestOf(known);
  const sentences = keys.map((key) => {
    const meant = nearest(key);
    return `unknown setting "${key}"; ${meant === undefined ? `known are ${known.join(', ')}` : `did you mean "${meant}"?`}`;
  });
  return sentences.join(' ');
}

/**
 * The one of `names` that was probably meant. What is near a ticker is near for any name: other case, other
 * signs, a slip or two.
 */
async function nearestOf(names: readonly string[]): Promise<(name: string) => string | undefined> {
  const { nearestTickers } = await import('#market/tickers/near.js');
  return (name) => nearestTickers(name, names, 1)[0];
}
