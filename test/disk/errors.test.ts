/** Which errors end a run with exit code 6, and what the user is told. */
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type DiskError, describeDiskError, isDiskError } from '../../src/disk/errors.js';

const made = (code: string | undefined, syscall: string | undefined): Error =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, path: '/data/x' });

test.each([
  ['ENOSPC', 'write', true, 'the disk is full (/data/x): free some space and run the same command again'],
  ['EDQUOT', 'write', true, 'the disk is full (/data/x): free some space and run the same command again'],
  ['EROFS', 'open', true, 'the file system is read-only (/data/x): choose another folder'],
  ['EACCES', 'open', true, 'no permission to open (/data/x): mend the rights or choose another folder'],
  ['EPERM', 'rename', true, 'no permission to rename (/data/x): mend the rights or choose another folder'],
  ['EIO', 'read', true, 'read failed with EIO (/data/x): mend it and run the same command again'],
  ['EMFILE', 'open', true, 'open failed with EMFILE (/data/x): mend it and run the same command again'],
  ['ENOTDIR', 'mkdir', true, 'mkdir failed with ENOTDIR (/data/x): mend it and run the same command again'],
  ['EIO', 'fsync', true, 'fsync failed with EIO (/data/x): mend it and run the same command again'],
  ['ECONNRESET', 'read', false, ''],
  ['EACCES', 'connect', false, ''],
  ['EACCES', 'listen', false, ''],
  ['ENOENT', 'spawn', false, ''],
  ['ENOTFOUND', 'getaddrinfo', false, ''],
  ['ERR_INVALID_ARG_TYPE', undefined, false, ''],
  [undefined, 'open', false, ''],
])('%s of %s: the disk is to blame: %s', (code, syscall, isDisk, told) => {
  const error = made(code, syscall);
  expect(isDiskError(error)).toBe(isDisk);
  if (isDiskError(error)) expect(describeDiskError(error)).toBe(told);
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
