/**
 * The store on a real folder: what was recorded is known after a kill, and a file that cannot be read is
 * never written over.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nyse } from '#market/calendar/nyse.js';
import { emptyProgress } from '#store/ledger/model.js';
import { applyStep, type Step } from '#store/ledger/steps.js';
import { openProgress, type ProgressStore } from '#store/ledger/store.js';
import { knowledge, steps } from './arbitrary-steps.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'barloom-progress-'));
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const store of stores.splice(0)) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const now = new Date('2024-11-13T10:00:00Z');
const stores: ProgressStore[] = [];
const opened = async (readOnly = false): Promise<ProgressStore> => {
  const store = await openProgress({ dataDir: folder, calendarOf: () => nyse, readOnly, now });
  stores.push(store);
  return store;
};
const at = (name: string): string => path.join(folder, name);
const files = (): string[] => readdirSync(folder).sort();
const image = () => files().map((name) => [name, readFileSync(at(name), 'utf8')]);
const day = (n: number): Step => ({
  step: 'day',
  dataset: 'stocks_daily',
  day: `2024-11-0${n}`,
  record: { rows: n },
});
const days = async (): Promise<number[]> => {
  const { progress } = await opened(true);
  return [...(progress.datasets.get('stocks_daily')?.days.keys() ?? [])].map((one) => Number(one.slice(-2)));
};

test('every step that was recorded is known to the next run, whether this one was killed or closed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(steps, fc.constantFrom('record', 'kill', 'close')), { maxLength: 6 }),
      async (portions) => {
        for (const name of files()) rmSync(at(name));
        const model = emptyProgress();
        let store = await opened();
        for (const [portion, how] of portions) {
          await store.record(portion);
          for (const step of portion) applyStep(model, step, () => nyse);
          expect(knowledge(store.progress)).toEqual(knowledge(model));
          if (how === 'record') continue;
          // A kill leaves the journal as it is. (Its handle stays open until the end of the test.)
          if (how === 'close') await store.close();
          store = await opened();
          expect(store.warnings).toEqual([]);
          expect(knowledge(store.progress)).toEqual(knowledge(model));
        }
        await store.close();
        if (files().includes('progress.ndjson')) expect(readFileSync(at('progress.ndjson'), 'utf8')).toBe('');
        expect(knowledge((await opened(true)).progress)).toEqual(knowledge(model));
      },
    ),
    { numRuns: 30 },
  );
});

test('a crash between folding and removing the journal harms nothing', async () => {
  const store = await opened();
  await store.record([day(1), day(2)]);
  const journal = readFileSync(at('progress.ndjson'));
  await store.close();
  const closed = readFileSync(at('progress.json'), 'utf8');
  writeFileSync(at('progress.ndjson'), journal);
  const again = await opened();
  expect(again.warnings).toEqual([]);
  await again.close();
  expect(image()).toEqual([['progress.json', closed]]);
});

test('a run that learns nothing writes nothing', async () => {
  const store = await opened();
  await store.close();
  expect(files()).toEqual([]);
});

test.each(['{"step":"day","dataset":"stocks_da', '\0\0\0\0', '}'])(
  'a torn last line %j is ignored, and no later step runs into it',
  async (torn) => {
    const store = await opened();
    await store.record([day(1)]);
    writeFileSync(at('progress.ndjson'), torn, { flag: 'a' });
    const second = await opened();
    expect(second.warnings).toEqual([]);
    await second.record([day(2)]);
    const third = await opened();
    expect(third.warnings).toEqual([]);
    expect(await days()).toEqual([1, 2]);
  },
);

test('a full disk in the middle of a line loses neither the steps before nor those after', async () => {
  const store = await opened();
  await store.record([day(1)]);
  const probe = await open(at('progress.ndjson'), 'r');
  const handles = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  vi.spyOn(handles, 'appendFile').mockImplementationOnce(async function (this: typeof probe, data) {
    await this.write(String(data).slice(0, 20));
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
  });
  await expect(store.record([day(2)])).rejects.toThrow('ENOSPC');
  expect(store.progress.datasets.get('stocks_daily')?.days.size).toBe(1);
  await store.record([day(3)]);
  expect(await days()).toEqual([1, 3]);
  expect((await opened(true)).warnings).toEqual([]);
});

test('a line in the middle that cannot be read is told, and the others count', async () => {
  const lines = [day(1), 'no json', day(3)].map((line) =>
    typeof line === 'string' ? line : JSON.stringify(line),
  );
  writeFileSync(at('progress.ndjson'), `${lines.join('\n')}\n`);
  const store = await opened();
  expect(store.warnings).toEqual([expect.stringContaining('progress.ndjson: 1 line')]);
  expect(await days()).toEqual([1, 3]);
});

test('a flipped bit in the journal is never taken for another step', async () => {
  const store = await opened();
  await store.record([day(1)]);
  await store.record([day(2), day(3)]);
  const sound = readFileSync(at('progress.ndjson'));
  for (let i = 0; i < sound.length; i++) {
    const spoilt = Buffer.from(sound);
    spoilt.writeUInt8(spoilt.readUInt8(i) ^ (1 << (i % 8)), i);
    writeFileSync(at('progress.ndjson'), spoilt);
    const found = [...((await opened(true)).progress.datasets.get('stocks_daily')?.days ?? [])];
    expect(found.length).toBeLessThan(3);
    for (const [known, { rows }] of found) expect(`2024-11-0${rows}`).toBe(known);
  }
});

test('a progress.json that cannot be read is moved aside, said, and never overwritten', async () => {
  for (const text of ['', '{"schema_version":1,', '\0'.repeat(100)]) {
    writeFileSync(at('progress.json'), text);
    const store = await opened();
    const [warning = '', ...more] = store.warnings;
    expect(more).toEqual([]);
    const aside = /moved to (\S+),/.exec(warning)?.[1] ?? '';
    expect(readFileSync(at(aside), 'utf8')).toBe(text);
    await store.record([day(1)]);
    await store.close();
  }
  expect(files().length).toBe(4);
});

test("a newer barloom's progress.json is refused and not touched", async () => {
  writeFileSync(at('progress.json'), '{"schema_version":2}');
  writeFileSync(at('progress.ndjson'), 'of another kind');
  const before = image();
  for (const readOnly of [true, false])
    await expect(opened(readOnly)).rejects.toMatchObject({ name: 'ProgressFileError', newer: true });
  expect(image()).toEqual(before);
});

test('a reader changes nothing on disk, whatever it finds', async () => {
  for (const [json, journal] of [
    ['damaged', `${JSON.stringify(day(1))}\n{"torn`],
    ['{"schema_version":1,"source":null,"datasets":{}}', 'no json\n'],
  ]) {
    writeFileSync(at('progress.json'), json ?? '');
    writeFileSync(at('progress.ndjson'), journal ?? '');
    const before = image();
    const store = await opened(true);
    expect(store.warnings.length).toBe(1);
    await expect(store.record([day(2)])).rejects.toThrow('reading only');
    await store.close();
    expect(image()).toEqual(before);
  }
});
