import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsEnvironment } from '#vendors/keys/aws-environment.js';
import { splitCommand } from '#vendors/keys/credential-process.js';
import { isOpenToAll } from '#vendors/keys/endpoint.js';
import { parseIni } from '#vendors/keys/ini.js';
import { findCredentials } from '#vendors/keys/profile.js';
import { expectKind } from '../flatfiles/conformance.js';

const EXAMPLE = new URL('../../../.aws-example/', import.meta.url);
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'barloom-home-'));
  await mkdir(join(home, '.aws'));
});
afterEach(() => rm(home, { recursive: true }));

const write = (name: 'credentials' | 'config', text: string) => writeFile(join(home, '.aws', name), text);
const find = (env: AwsEnvironment = {}, profile = 'massive', profileExplicit = false) =>
  findCredentials({ env, home, profile, profileExplicit, endpoint: undefined });
const ENV_KEYS = { AWS_ACCESS_KEY_ID: 'ENVID', AWS_SECRET_ACCESS_KEY: 'ENVSECRET' };
const section = (name: string, id = 'FILEID', secret = 'FILESECRET') =>
  `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;

describe('findCredentials', () => {
  it('finds nothing where there is nothing, and never takes the default profile', async () => {
    expect(await find()).toBeUndefined();
    await write('credentials', section('default'));
    await write('config', section('default'));
    expect(await find()).toBeUndefined();
  });

  it('takes the environment before the profile, with the profile giving endpoint and region', async () => {
    await write('credentials', section('massive'));
    await write(
      'config',
      '[profile massive]\nregion = eu-central-1\nendpoint_url = https://mirror.example\n',
    );
    expect(await find(ENV_KEYS)).toEqual({
      accessKeyId: 'ENVID',
      secretAccessKey: 'ENVSECRET',
      sessionToken: undefined,
      region: 'eu-central-1',
      endpoint: 'https://mirror.example',
      profile: 'massive',
      from: 'environment',
    });
  });

  it('lets a profile that was asked for win over the environment', async () => {
    await write('credentials', section('massive'));
    expect(await find(ENV_KEYS, 'massive', true)).toMatchObject({
      accessKeyId: 'FILEID',
      from: `profile "massive" in ${join(home, '.aws', 'credentials')}`,
    });
    const error = await expectKind(find(ENV_KEYS, 'nobody', true), 'unauthenticated');
    expect(error.message).toContain('nobody');
  });

  it('takes AWS_PROFILE instead of massive, unless a profile was asked for', async () => {
    await write('credentials', section('massive') + section('other', 'OTHERID'));
    expect(await find({ AWS_PROFILE: 'other' })).toMatchObject({ accessKeyId: 'OTHERID', profile: 'other' });
    expect(await find({ AWS_PROFILE: 'other' }, 'massive', true)).toMatchObject({ accessKeyId: 'FILEID' });
    expect(await find({ AWS_PROFILE: 'absent' })).toMatchObject({
      accessKeyId: 'FILEID',
      profile: 'massive',
    });
    expect(await find({ AWS_PROFILE: 'absent' }, 'nobody')).toBeUndefined();
    expect(await find({ AWS_PROFILE: '' })).toMatchObject({ accessKeyId: 'FILEID' });
  });

  it.each(['profile massive', 'massive', ' profile   massive ', 'profile "massive"'])(
    'finds keys in config under [%s]',
    async (name) => {
      await write('config', section(name));
      expect(await find()).toMatchObject({ accessKeyId: 'FILEID', secretAccessKey: 'FILESECRET' });
    },
  );

  it('reads the files that the environment names', async () => {
    await writeFile(join(home, 'elsewhere'), `${section('massive')}aws_session_token = TOKEN\n`);
    await writeFile(join(home, 'settings'), '[massive]\nregion=there\n');
    const env = {
      AWS_SHARED_CREDENTIALS_FILE: join(home, 'elsewhere'),
      AWS_CONFIG_FILE: join(home, 'settings'),
    };
    const own = { ...env, AWS_ENDPOINT_URL: 'https://s3.example' };
    expect(await find(own)).toMatchObject({ accessKeyId: 'FILEID', sessionToken: 'TOKEN', region: 'there' });
    expect(await find({ ...own, AWS_REGION: 'here' })).toMatchObject({ region: 'here' });
  });

  it.each([
    ['aws_access_key_id = FILEID\n', 'aws_secret_access_key'],
    ['aws_secret_access_key = FILESECRET\naws_access_key_id =\n', 'aws_access_key_id'],
  ])('says which half is lacking and where: %j', async (lines, lacking) => {
    await write('credentials', `[massive]\n${lines}`);
    const error = await expectKind(find(), 'unauthenticated');
    expect(error.message).toContain(`${lacking} is not`);
    expect(error.message).toContain(join(home, '.aws', 'credentials'));
    expect(error.message).not.toMatch(/FILEID|FILESECRET/);
  });

  it('says the same of the environment', async () => {
    const error = await expectKind(find({ AWS_ACCESS_KEY_ID: 'ENVID' }), 'unauthenticated');
    expect(error.message).toMatch(/environment.*AWS_SECRET_ACCESS_KEY is not/);
    expect(error.message).not.toContain('ENVID');
  });

  it('says so where a file cannot be read, unless it is not needed', async () => {
    await mkdir(join(home, '.aws', 'credentials'));
    const error = await expectKind(find(), 'unauthenticated');
    expect(error.message).toContain('EISDIR');
    expect(await find(ENV_KEYS)).toMatchObject({ accessKeyId: 'ENVID' });
  });

  it('knows the example that was never filled in, and reads it once it is', async () => {
    await cp(EXAMPLE, join(home, '.aws'), { recursive: true });
    const error = await expectKind(find(), 'unauthenticated');
    expect(error.message).toContain('never filled in');
    const template = await readFile(new URL('credentials', EXAMPLE), 'utf8');
    await write(
      'credentials',
      template.replace('YOUR_ACCESS_KEY', 'MYID').replace('YOUR_SECRET_KEY', 'MY+SECRET/=='),
    );
    expect(await find()).toMatchObject({
      accessKeyId: 'MYID',
      secretAccessKey: 'MY+SECRET/==',
      region: 'us-east-1',
      endpoint: 'https://files.massive.com',
    });
  });
});

describe("keys of Amazon's, which people have in their shells", () => {
  const ID = 'ASIAIOSFODNN7EXAMPLE';
  const AMAZON = { AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: 'AMAZONSECRET' };
  const TOKEN = { ...ENV_KEYS, AWS_SESSION_TOKEN: 'AMAZONTOKEN' };
  const WORK = { AWS_PROFILE: 'work' };
  const profiles = section('work', ID.replace('ASIA', 'AKIA'), 'AMAZONSECRET');

  it.each([
    ['temporary ones', AMAZON],
    ['a session token', TOKEN],
    ['a profile of theirs', WORK],
  ] as const)('%s do not beat a filled [massive], and go alone to no host of the vendor', async (_, env) => {
    await write('credentials', profiles);
    const error = await expectKind(find(env), 'unauthenticated');
    expect(error.message).toMatch(/not sent to files\.massive\.com/);
    expect(error.message).not.toMatch(/EXAMPLE|SECRET|AMAZONTOKEN|ENVID/);
    await write('credentials', profiles + section('massive'));
    expect(await find(env)).toMatchObject({ accessKeyId: 'FILEID', profile: 'massive' });
    await expectKind(find(env, 'work', true), 'unauthenticated');
    // A mirror of the user's own may well be at Amazon's.
    const mirror = { ...env, AWS_ENDPOINT_URL_S3: 'https://minio.example' };
    expect(await find(mirror)).not.toMatchObject({ accessKeyId: 'FILEID' });
  });
});

describe('profiles without a pair', () => {
  const program = (print: string) =>
    `[massive]\ncredential_process = "${process.execPath}" -e "${print.replaceAll('"', '\\"')}" 'two words' ; $(touch x)\n`;
  const printed = (more: object = {}) =>
    `process.stdout.write(JSON.stringify(${JSON.stringify({ Version: 1, AccessKeyId: 'OUTID', SecretAccessKey: 'OUTSECRET', ...more })}))`;

  it('credential_process: its keys, by a program that no shell has read', async () => {
    await write('config', program(printed()));
    expect(await find()).toMatchObject({
      accessKeyId: 'OUTID',
      secretAccessKey: 'OUTSECRET',
      from: 'credential_process of profile "massive"',
    });
    expect(await find(ENV_KEYS)).toMatchObject({ accessKeyId: 'ENVID' });
  });

  it.each([
    ['process.exit(3)', /exit code 3/],
    ['console.log("SECRETRUBBISH")', /no JSON/],
    ['console.log("[".repeat(1e6))', /more than 65536 bytes/],
    [printed({ Version: 2 }), /version 1/],
    [printed({ Expiration: '2020-01-01T00:00:00Z' }), /expired/],
    [printed({ SessionToken: 'OUTTOKEN' }), /session token/],
  ])('%s: said, with nothing of what it printed', async (print, told) => {
    await write('config', program(print));
    const error = await expectKind(find(), 'unauthenticated');
    expect(error.message).toMatch(told);
    expect(error.message).not.toMatch(/OUT|RUBBISH/);
  });

  it('a program that is not there is said', async () => {
    await write('config', '[massive]\ncredential_process = /nowhere/program\n');
    expect((await expectKind(find(), 'unauthenticated')).message).toMatch(/cannot be started \(ENOENT\)/);
  });

  it.each(['sso_session = x', 'sso_start_url = https://x.example', 'role_arn = arn:aws:iam::1:role/x'])(
    '%s: that it is a log-in, and what to write',
    async (line) => {
      await write('config', `[profile work]\n${line}\n`);
      for (const [env, profile, explicit] of [
        [{}, 'work', true],
        [{ AWS_PROFILE: 'work' }, 'massive', false],
      ] as const) {
        const error = await expectKind(find(env, profile, explicit), 'unauthenticated');
        expect(error.message).toMatch(
          new RegExp(`profile "work" gets its keys by a log-in \\(${line.split(' ')[0]}\\)`),
        );
      }
      await write('credentials', section('massive'));
      expect(await find({ AWS_PROFILE: 'work' })).toMatchObject({ accessKeyId: 'FILEID' });
    },
  );

  it.each([
    ['a b  c', ['a', 'b', 'c']],
    [`a 'b c' "d e" f\\ g`, ['a', 'b c', 'd e', 'f g']],
    [`"a\\"b" '\\' ""`, ['a"b', '\\', '']],
    ['a; $(rm x) `y` | z > w', ['a;', '$(rm', 'x)', '`y`', '|', 'z', '>', 'w']],
  ])('a command line of %j is the words %j', (line, words) => {
    expect(splitCommand(line, false)).toEqual(words);
  });

  it('on Windows a backslash is part of a path', () => {
    expect(splitCommand('"C:\\Program Files\\op.exe" get', true)).toEqual([
      'C:\\Program Files\\op.exe',
      'get',
    ]);
  });
});

describe('plain http', () => {
  it.each([
    ['https://files.massive.com', false],
    ['http://127.0.0.1:9911', false],
    ['http://localhost:9000', false],
    ['http://[::1]:9000', false],
    ['http://minio.lan:9000', true],
    ['http://127.example.com', true],
    ['file:///mirror', false],
  ])('%s is open to all on the way: %s', (endpoint, expected) => {
    expect(isOpenToAll(endpoint)).toBe(expected);
  });
});

describe('parseIni', () => {
  it('reads what editors and people write', () => {
    const text =
      '\uFEFF# comment\r\n[ massive ]\r\n  Region=us-east-1 ; why\r\nkey = a=b#c\r\n\r\ns3 =\r\n  addressing_style = path\r\n  region = nested\r\nlast = 1\r\nno equals sign\r\n[services x]\r\ns3 =\r\n  endpoint_url = https://ignored\r\n[massive]\r\nmore = 2';
    expect(
      Object.fromEntries([...parseIni(text)].map(([name, keys]) => [name, Object.fromEntries(keys)])),
    ).toEqual({
      massive: { region: 'us-east-1', key: 'a=b#c', s3: '', last: '1', more: '2' },
      'services x': { s3: '' },
    });
  });

  it('never throws, and finds a written section in any rubbish before it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.stringMatching(/^[A-Za-z0-9+/=]{1,40}$/),
        (rubbish, value) => {
          expect(parseIni(`${rubbish}\n[massive-1]\nkey = ${value}\n`).get('massive-1')?.get('key')).toBe(
            value,
          );
        },
      ),
    );
  });
});
