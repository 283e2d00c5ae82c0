/**
 * Settings from files and the environment: what is wrong is named with where it stands and what was probably
 * meant.
 */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { environmentName, loadSettings, SETTINGS, type Settings } from '#cli/settings/settings.js';
import { settingsSchema } from '#cli/settings/settings-schema.js';

const NAMES = Object.keys(SETTINGS);

interface Given {
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** barloom.json in the data folder, and the user's config.json, as text. */
  readonly folder?: string;
  readonly user?: string;
}

async function load({ flags = {}, env = {}, folder, user }: Given): Promise<Settings> {
  const root = await mkdtemp(path.join(tmpdir(), 'barloom-settings-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const userFile = path.join(root, '.config', 'barloom', 'config.json');
  await mkdir(path.dirname(userFile), { recursive: true });
  if (folder !== undefined) await writeFile(path.join(root, 'barloom.json'), folder);
  if (user !== undefined) await writeFile(userFile, user);
  return loadSettings({ flags, env, home: root, cwd: root, defaultDataDir: '.' });
}

it('the schema in the package is the one of the table', () => {
  const file = new URL('../../../schema/barloom.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(settingsSchema());
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    files: string[];
    exports: Record<string, unknown>;
  };
  expect(manifest.files).toContain('schema');
  expect(manifest.exports['./barloom.schema.json']).toBe('./schema/barloom.schema.json');
});

it.each([
  ['concurency', 'concurrency'],
  ['archive-dir', 'archiveDir'],
  ['ARCHIVE_DIR', 'archiveDir'],
  ['tickerFile', 'tickerFiles'],
  ['saveOther', 'saveOthers'],
  ['loglevel', 'logLevel'],
])('%s is unknown, and %s was meant: named with file and key', async (typo, meant) => {
  await expect(load({ folder: JSON.stringify({ [typo]: 1 }) })).rejects.toThrow(
    new RegExp(`barloom\\.json: unknown setting "${typo}"; did you mean "${meant}"\\?$`),
  );
  await expect(load({ user: JSON.stringify({ [typo]: 1 }) })).rejects.toThrow(
    new RegExp(`config\\.json: unknown setting "${typo}"; did you mean "${meant}"\\?$`),
  );
});

it('a key that is near to none is told with all that are known; so is one of an object’s own', async () => {
  for (const key of ['colour', 'toString', '__proto__x', 'constructor']) {
    await expect(load({ folder: `{"${key}":1}` })).rejects.toThrow(`known are ${NAMES.join(', ')}`);
  }
});

it('$schema is no setting and no mistake; a file that holds no object is one', async () => {
  const { text } = await load({ folder: '\uFEFF{"$schema":"./barloom.schema.json","bucket":"b"}' });
  expect(text('bucket')).toBe('b');
  for (const folder of ['', '{', '[]', 'null', '3', '"text"'])
    await expect(load({ folder })).rejects.toThrow(/barloom\.json (is not JSON|must hold an object)/);
});

it('one letter put in, left out or exchanged is never beyond suggesting', async () => {
  const typo = fc
    .tuple(fc.constantFrom(...NAMES), fc.nat(), fc.constantFrom('', 'q', 'qx'))
    .map(([name, at, with_]) => {
      const i = at % name.length;
      return { name, wrong: name.slice(0, i) + with_ + name.slice(i + 1) };
    })
    .filter(({ wrong }) => !NAMES.includes(wrong));
  await fc.assert(
    fc.asyncProperty(typo, async ({ name, wrong }) => {
      const error = await load({ folder: JSON.stringify({ [wrong]: 1 }) }).catch((e: unknown) => e);
      expect(String(error)).toContain(`did you mean "${name}"?`);
    }),
    { numRuns: 60 },
  );
});

it.each([
  ['concurrency', 0, 'a whole number from 1 to 256'],
  ['concurrency', 2.5, 'a whole number from 1 to 256'],
  ['workers', 100, 'a whole number from 1 to 64'],
  ['maxLag', 0, 'a whole number above 0'],
  ['rateLimit', -1, 'a number above 0, or per minute such as 5/min, 1/h at least'],
  ['rateLimit', 1e-7, 'a number above 0, or per minute such as 5/min, 1/h at least'],
  ['rateLimit', '5/week', 'a number above 0, or per minute such as 5/min, 1/h at least'],
  ['rateLimit', '0/min', 'a number above 0, or per minute such as 5/min, 1/h at least'],
  ['bwlimit', '10k', 'so many bytes a second such as 500k or 10M, 100k at least'],
  ['bwlimit', 'fast', 'so many bytes a second such as 500k or 10M, 100k at least'],
  ['bucket', 7, 'a text'],
  ['quiet', 'perhaps', 'true or false'],
  ['tickerFiles', [1], 'a list of texts'],
] as const)('%s must not be %j: told with where it stands', async (name, value, wish) => {
  const settings = await load({ folder: JSON.stringify({ [name]: value }) });
  const told = settings.all().find((one) => one.name === name);
  expect(told?.problem).toMatch(/barloom\.json: /);
  expect(told?.problem).toContain(`${name} must be ${wish}, not ${JSON.stringify(value)}`);
  const read = {
    count: 'count',
    rate: 'rate',
    bytes: 'bytes',
    text: 'text',
    switch: 'switch',
    texts: 'texts',
  } as const;
  expect(() => settings[read[SETTINGS[name].kind]](name, 1 as never)).toThrow(told?.problem);
});

it('a rate is so many a second, or a minute, or an hour', async () => {
  for (const [given, perSecond] of [
    ['10', 10],
    [2.5, 2.5],
    ['5/min', 5 / 60],
    ['30/s', 30],
    ['90/hour', 1 / 40],
  ] as const)
    expect((await load({ folder: JSON.stringify({ rateLimit: given }) })).rate('rateLimit')).toBe(perSecond);
});

it('every setting in effect is told with its origin: flag, environment, folder, user, default', async () => {
  const settings = await load({
    flags: { bucket: 'flag', saveOthers: false },
    env: { BARLOOM_BUCKET: 'env', BARLOOM_WORKERS: '3' },
    folder: '{"bucket":"folder","workers":9,"profile":"folder","dataDir":"/not/here"}',
    user: '{"bucket":"user","profile":"user","rateLimit":2.5}',
  });
  const all = settings.all();
  expect(all.map(({ name }) => name)).toEqual(NAMES);
  const of = (name: string) => all.find((one) => one.name === name);
  expect(of('bucket')).toEqual({ name: 'bucket', value: 'flag', shown: 'flag', origin: '--bucket' });
  expect(of('saveOthers')).toMatchObject({ value: false, origin: '--no-save-others' });
  expect(of('workers')).toMatchObject({ value: 3, origin: 'BARLOOM_WORKERS' });
  expect(of('profile')).toMatchObject({ value: 'folder', origin: expect.stringMatching(/barloom\.json$/) });
  expect(of('rateLimit')).toMatchObject({ value: 2.5, origin: expect.stringMatching(/config\.json$/) });
  expect(of('dataDir')).toMatchObject({ origin: 'default' });
  expect(settings.notes).toEqual([expect.stringContaining('dataDir has no effect')]);
});

it('what may hold a secret is not shown, right or wrong', async () => {
  const settings = await load({
    folder: JSON.stringify({ onFinish: ['curl', 'hush'], endpoint: 'https://me:hush@host/x?key=hush' }),
  });
  const told = settings.all().flatMap(({ shown, problem }) => [shown, problem ?? '']);
  expect(told.join(' ')).not.toContain('hush');
  expect(told).toContain('https://…@host/x?…');
  expect(told.some((text) => text.endsWith('onFinish must be a text, not what stands there'))).toBe(true);
});

it('a variable that means nothing is noted, those that mean something are not', async () => {
  const known = Object.fromEntries(NAMES.map((name) => [environmentName(name), '1']));
  expect((await load({ env: { ...known, BARLOOM_NOW: '2024-06-14T17:00:00Z' } })).notes).toEqual([]);
  expect((await load({ env: { BARLOOM_CONCURENCY: '3', BARLOOM_KEY: 'hush' } })).notes).toEqual([
    'the variable BARLOOM_CONCURENCY means nothing here; did you mean BARLOOM_CONCURRENCY?',
    'the variable BARLOOM_KEY means nothing here',
  ]);
});
