import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '#platform/guard/collect.js';
import { openFolder } from '#vendors/flatfiles/folder.js';
import { openSource } from '#vendors/flatfiles/open-source.js';
import { describeSource, expectKind } from './conformance.js';

const made: string[] = [];
async function temporary(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'barloom-folder-'));
  made.push(dir);
  return dir;
}
async function put(root: string, key: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, key)), { recursive: true });
  await writeFile(join(root, key), bytes);
}

describeSource('a folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'barloom-folder-'));
  return {
    source: await openFolder(root, 'flatfiles'),
    put: (key, bytes) => put(root, key, bytes),
    hasEtags: false,
    close: () => rm(root, { recursive: true }),
  };
});

describe('a folder as a source', () => {
  afterEach(async () => {
    for (const dir of made.splice(0)) await rm(dir, { recursive: true });
  });

  it('takes DIR/<bucket>/ as the root where it exists, and says so only in the identity it was asked for', async () => {
    const dir = await temporary();
    await put(dir, 'flatfiles/a/b.csv.gz', Buffer.from('in'));
    await put(dir, 'other/a/b.csv.gz', Buffer.from('out'));
    const source = await openSource({ endpoint: `file:${dir}`, bucket: 'flatfiles', concurrency: 1 });
    expect((await source.list('')).map(({ key }) => key)).toEqual(['a/b.csv.gz']);
    expect(source.identity).toEqual({ endpoint: pathToFileURL(dir).href, bucket: 'flatfiles' });
  });

  it('does not leave the folder, whatever the key or the prefix', async () => {
    const dir = await temporary();
    await put(dir, 'secret.txt', Buffer.from('secret'));
    await put(dir, 'mirror/a.txt', Buffer.from('a'));
    const source = await openFolder(join(dir, 'mirror'), '..');
    for (const key of [
      '../secret.txt',
      'x/../../secret.txt',
      '/etc/passwd',
      './a.txt',
      'a.txt\0',
      '',
      'a//b',
      '..',
    ]) {
      await expectKind(source.get(key), 'not-found');
    }
    for (const prefix of ['../', '/etc/', 'x/../../', './']) expect(await source.list(prefix)).toEqual([]);
    expect((await source.list('')).length).toBe(1);
  });

  it('follows links, and survives a link to a folder above', async () => {
    const dir = await temporary();
    await put(dir, 'real/2024/a.csv.gz', Buffer.from('abc'));
    await symlink(join(dir, 'real'), join(dir, 'linked'));
    await symlink(join(dir, 'real'), join(dir, 'real/2024/loop'));
    await symlink(join(dir, 'nowhere'), join(dir, 'real/dangling'));
    const source = await openFolder(dir, 'flatfiles');
    const keys = (await source.list('linked/')).map(({ key }) => key);
    expect(keys[0]).toBe('linked/2024/a.csv.gz');
    expect(keys.length).toBeLessThan(4);
    const bytes = await collect(await source.get('linked/2024/a.csv.gz'), { maxBytes: 10 });
    expect(Buffer.from(bytes).toString()).toBe('abc');
  });

  it('says which folder is not there', async () => {
    const error = await expectKind(openFolder('/no/such/mirror', 'flatfiles'), 'configuration');
    expect(error.message).toContain('/no/such/mirror');
  });

  it.skipIf(process.getuid?.() === 0)('says denied for a file that may not be read', async () => {
    const dir = await temporary();
    await put(dir, 'a.csv.gz', Buffer.from('abc'));
    await chmod(join(dir, 'a.csv.gz'), 0);
    await expectKind((await openFolder(dir, 'flatfiles')).get('a.csv.gz'), 'denied');
  });
});
