import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AwsEnvironment } from '#vendors/keys/aws-environment.js';
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
  findCredentials({ env, home, profile, profileExplicit });
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
    expect(await find({ AWS_PROFILE: 'absent' })).toBeUndefined();
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
    expect(await find(env)).toMatchObject({ accessKeyId: 'FILEID', sessionToken: 'TOKEN', region: 'there' });
    expect(await find({ ...env, AWS_REGION: 'here' })).toMatchObject({ region: 'here' });
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
