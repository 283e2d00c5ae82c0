/** Which errors end a run with exit code 6, and what the user is told. */
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { about, type DiskError, describeDiskError, isDiskError } from '#platform/disk/errors.js';

const made = (code: string | undefined, syscall: string | undefined, file?: string): Error =>
  Object.assign(new Error(`${code}: ${syscall}`), {
    code,
    syscall,
    ...(file !== undefined && { path: file }),
  });

test.each([
  ['ENOSPC', 'write', true, 'the disk is full (/data/x): free some space and run the same command again'],
  ['EDQUOT', 'write', true, 'the disk is full (/data/x): free some space and run the same command again'],
  ['EROFS', 'open', true, 'the file system is read-only (/data/x): choose another folder'],
  [
    'EACCES',
    'open',
    true,
    'no permission to open the file (/data/x): fix the permissions or choose another folder',
  ],
  [
    'EPERM',
    'rename',
    true,
    'no permission to rename the file (/data/x): fix the permissions or choose another folder',
  ],
  ['EIO', 'read', true, 'could not read the file: EIO (/data/x): fix that and run the same command again'],
  [
    'EMFILE',
    'open',
    true,
    'could not open the file: EMFILE (/data/x): fix that and run the same command again',
  ],
  [
    'ENOTDIR',
    'mkdir',
    true,
    'could not make the folder: ENOTDIR (/data/x): fix that and run the same command again',
  ],
  ['EIO', 'fsync', true, 'could not write the file: EIO (/data/x): fix that and run the same command again'],
  [
    'EISDIR',
    'read',
    true,
    'a folder stands where a file is to be (/data/x): move it away and run the same command again',
  ],
  [
    'EFTYPE',
    'read',
    true,
    'a pipe or a device stands where a file is to be (/data/x): move it away and run the same command again',
  ],
  // EUCLEAN, as Node tells it: a file system that is damaged.
  [
    'Unknown system error -117',
    'open',
    true,
    'could not open the file: Unknown system error -117 (/data/x): fix that and run the same command again',
  ],
  [
    'ETIMEDOUT',
    'read',
    true,
    'could not read the file: ETIMEDOUT (/data/x): fix that and run the same command again',
  ],
  ['EACCES', 'connect', false, ''],
  ['EACCES', 'listen', false, ''],
  ['ENOENT', 'spawn', false, ''],
  ['ENOTFOUND', 'getaddrinfo', false, ''],
  ['ERR_INVALID_ARG_TYPE', undefined, false, ''],
  [undefined, 'open', false, ''],
])('%s of %s: the disk is to blame: %s', (code, syscall, isDisk, told) => {
  const error = made(code, syscall, '/data/x');
  expect(isDiskError(error)).toBe(isDisk);
  if (isDiskError(error)) expect(describeDiskError(error)).toBe(told);
});

test.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT'])("%s of no file is the wire's, and stays so", (code) => {
  for (const syscall of ['read', 'write']) expect(isDiskError(made(code, syscall))).toBe(false);
});

test('a file is told by the name that it is going to have, and only once it is known', () => {
  const error = made('ENOSPC', 'write');
  expect(describeDiskError(about(error, '/data/x.csv.4711.barloom-tmp') as DiskError)).toBe(
    'the disk is full (/data/x.csv): free some space and run the same command again',
  );
  expect(about(error, '/data/other')).toMatchObject({ path: '/data/x.csv.4711.barloom-tmp' });
});

test('no error at all is no disk error; a path that is not known is not told', () => {
  for (const thrown of [undefined, null, 'ENOSPC', { code: 'ENOSPC', syscall: 'write' }])
    expect(isDiskError(thrown)).toBe(false);
  const full: DiskError = Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
  expect(describeDiskError(full)).toBe('the disk is full: free some space and run the same command again');
});

test('what Node really throws is known', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'barloom-errors-'));
  writeFileSync(path.join(folder, 'file'), '');
  const tries = [
    () => readFileSync(folder),
    () => openSync(path.join(folder, 'none', 'x'), 'w'),
    () => mkdir(path.join(folder, 'file', 'x'), { recursive: true }),
    () => rename(path.join(folder, 'none'), path.join(folder, 'x')),
  ];
  for (const one of tries) {
    let thrown: unknown;
    try {
      await one();
    } catch (error) {
      thrown = error;
    }
    expect(isDiskError(thrown)).toBe(true);
  }
  rmSync(folder, { recursive: true });
});
