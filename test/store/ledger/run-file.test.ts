/**
 * The trace of a run: read back as it was written, never half of one, and never believed where it is not
 * ours.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock, lockHolder } from '#platform/lock/lock.js';
import { parseRun, RUN_FILE, type RunRecord, readRun, writeRun } from '#store/ledger/run-file.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'barloom-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run: RunRecord = {
  ...{ command: 'nightly', dataset: 'stocks_daily', pid: 4711, started: '2024-11-13T10:00:00.000Z' },
  range: { start: '2024-11-01', end: '2024-11-12' },
  ...{ days: 8, done: 3, fetched: 2, from_archive: 1, downloaded: 900_000, seconds: 1.25 },
  ...{ ended: null, exit_code: null },
};

test('what is written is read, and nothing else is left in the folder', async () => {
  const ended = { ...run, ended: '2024-11-13T10:00:09.000Z', exit_code: 3 };
  for (const record of [run, ended]) {
    writeRun(folder, record);
    expect(await readRun(folder)).toEqual(record);
  }
  expect(readdirSync(folder)).toEqual([RUN_FILE]);
});

test('none, and anything that barloom did not write, is none', async () => {
  expect(await readRun(folder)).toBeUndefined();
  const whole = JSON.stringify({ schema_version: 1, ...run });
  expect(parseRun(whole)).toBeDefined();
  for (const text of ['', 'null', '[]', '7', '"x"', '{}', whole.slice(0, -1), whole.replace(':1,', ':2,')])
    expect(parseRun(text), text).toBeUndefined();
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.keys(run)),
      fc.constantFrom(undefined, -1, 'x', {}),
      (name, value) => {
        const wrong = JSON.stringify({ schema_version: 1, ...run, [name]: value });
        // Any text is a command or a dataset.
        fc.pre(!(value === 'x' && (name === 'command' || name === 'dataset')));
        expect(parseRun(wrong), wrong).toBeUndefined();
      },
    ),
  );
});

test('who holds the lock is told to those who look, and the lock stays as it is', async () => {
  expect(await lockHolder(folder)).toBeUndefined();
  const now = new Date('2024-11-13T10:00:00Z');
  const lock = await acquireLock({ folder, command: 'populate', now });
  const held = await lockHolder(folder);
  expect(held).toMatchObject({ here: true, holder: { pid: process.pid, command: 'populate' } });
  expect(readdirSync(folder)).toEqual(['.barloom.lock']);
  await lock.release();
  expect(await lockHolder(folder)).toBeUndefined();

  const file = path.join(folder, '.barloom.lock');
  const dead = { host: os.hostname(), pid: 4_999_999, started: '1', boot: '', command: 'add', since: '' };
  writeFileSync(file, JSON.stringify(dead));
  expect(await lockHolder(folder)).toBeUndefined();
  writeFileSync(file, JSON.stringify({ ...dead, host: 'elsewhere.example' }));
  expect(await lockHolder(folder)).toMatchObject({ here: false, holder: { host: 'elsewhere.example' } });
  writeFileSync(file, '{"host"');
  expect(await lockHolder(folder)).toBeUndefined();
});
