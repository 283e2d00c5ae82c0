/**
 * Where an option's value comes from: the command line, then `BARLOOM_*` in the environment, then barloom.json in the data folder, then
 * the user's config.json, then the default. Every value remembers its origin.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from './errors.js';

export type SettingKind = 'text' | 'count' | 'switch' | 'texts';

/** What can be set outside the command line too. */
export const SETTINGS = {
  dataDir: 'text',
  archiveDir: 'text',
  endpoint: 'text',
  bucket: 'text',
  profile: 'text',
  concurrency: 'count',
  rateLimit: 'count',
  workers: 'count',
  tickerFiles: 'texts',
  saveOthers: 'switch',
  quiet: 'switch',
  progress: 'switch',
  logFile: 'text',
  logLevel: 'text',
} as const satisfies Record<string, SettingKind>;

export type SettingName = keyof typeof SETTINGS;

export interface Setting {
  readonly value: unknown;
  /** `--concurrency`, `BARLOOM_CONCURRENCY`, a file's path, or `default`. */
  readonly origin: string;
}

export interface Settings {
  text(name: SettingName): string | undefined;
  count(name: SettingName, fallback: number): number;
  optionalCount(name: SettingName): number | undefined;
  switch(name: SettingName, fallback: boolean): boolean;
  texts(name: SettingName): readonly string[] | undefined;
  origin(name: SettingName): string;
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

/** Throws UsageError for an unknown key or a value of the wrong kind, naming where it stands. */
export async function loadSettings(sources: SettingSources): Promise<Settings> {
  const { flags, env, home, cwd } = sources;
  const userFile = path.join(env['XDG_CONFIG_HOME'] || path.join(home, '.config'), 'barloom', 'config.json');
  const layers: { name: string; values: Readonly<Record<string, unknown>> }[] = [
    { name: '', values: flags },
    { name: 'environment', values: fromEnvironment(env) },
  ];
  const user = { name: userFile, values: await readConfig(userFile) };
  const dataDir = lookUp([...layers, user], 'dataDir')?.value;
  const folder = path.resolve(cwd, typeof dataDir === 'string' ? dataDir : sources.defaultDataDir);
  const folderFile = path.join(folder, 'barloom.json');
  const { dataDir: _, ...ofFolder } = await readConfig(folderFile);
  layers.push({ name: folderFile, values: ofFolder }, user);

  const find = (name: SettingName): Setting | undefined => lookUp(layers, name);
  const wrong = (name: SettingName, setting: Setting, wish: string): UsageError =>
    new UsageError(`${setting.origin}: ${name} must be ${wish}, not ${JSON.stringify(setting.value)}`);
  const text = (name: SettingName): string | undefined => {
    const found = find(name);
    if (found === undefined) return undefined;
    if (typeof found.value !== 'string' || found.value === '') throw wrong(name, found, 'a text');
    return found.value;
  };
  const optionalCount = (name: SettingName): number | undefined => {
    const found = find(name);
    if (found === undefined) return undefined;
    const n =
      typeof found.value === 'string' && /^\d+(\.\d+)?$/.test(found.value)
        ? Number(found.value)
        : found.value;
    if (typeof n !== 'number' || !(n > 0) || !Number.isFinite(n))
      throw wrong(name, found, 'a number above 0');
    return n;
  };
  return {
    text,
    optionalCount,
    count: (name, fallback) => {
      const n = optionalCount(name) ?? fallback;
      if (!Number.isInteger(n))
        throw wrong(name, find(name) ?? { value: n, origin: 'default' }, 'a whole number');
      return n;
    },
    switch: (name, fallback) => {
      const found = find(name);
      if (found === undefined) return fallback;
      if (found.value === true || found.value === '1' || found.value === 'true') return true;
      if (found.value === false || found.value === '0' || found.value === 'false') return false;
      throw wrong(name, found, 'true or false');
    },
    texts: (name) => {
      const found = find(name);
      if (found === undefined) return undefined;
      const list = typeof found.value === 'string' ? found.value.split(',') : found.value;
      if (!Array.isArray(list) || !list.every((item) => typeof item === 'string'))
        throw wrong(name, found, 'a list of texts');
      return list;
    },
    origin: (name) => find(name)?.origin ?? 'default',
  };
}

function lookUp(
  layers: readonly { readonly name: string; readonly values: Readonly<Record<string, unknown>> }[],
  name: SettingName,
): Setting | undefined {
  for (const layer of layers) {
    const value = layer.values[name];
    if (value === undefined) continue;
    const origin =
      layer.name === '' ? flagName(name) : layer.name === 'environment' ? environmentName(name) : layer.name;
    return { value, origin };
  }
  return undefined;
}

export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function environmentName(name: string): string {
  return `BARLOOM_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function fromEnvironment(env: SettingSources['env']): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(SETTINGS)) {
    const value = env[environmentName(name)];
    if (value !== undefined && value !== '') values[name] = value;
  }
  return values;
}

async function readConfig(file: string): Promise<Readonly<Record<string, unknown>>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw error;
  }
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new UsageError(`${file} must hold an object`);
  const unknown = Object.keys(json).filter((key) => key !== '$schema' && !(key in SETTINGS));
  if (unknown.length > 0) {
    throw new UsageError(
      `${file}: unknown setting ${unknown.join(', ')}; known are ${Object.keys(SETTINGS).join(', ')}`,
    );
  }
  return json as Record<string, unknown>;
}
