/** A folder is filled from one source; and no key is ever told to anyone. */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { market, Workdir } from '../../support/workdir.js';

const ARGS = '--start 2024-05-01 --end 2024-05-10 --tickers AAPL';
const LONGER = '--start 2024-05-01 --end 2024-05-14';

it('another endpoint or bucket is refused with 2, and --adopt-source goes on with it', async () => {
  const first = await market();
  const other = await market();
  const bucket = await market({ bucket: 'another' });
  const work = await Workdir.make(first);
  expect((await work.populate(ARGS)).code).toBe(0);
  const tiers = work.tiers();
  work.endpoint = other.endpoint;
  for (const args of [LONGER, `${LONGER} --dry-run`]) {
    const { code, stderr } = await work.populate(args);
    expect(code).toBe(2);
    expect(stderr).toContain(
      `was filled from ${first.endpoint} (bucket flatfiles), not from ${other.endpoint}`,
    );
    expect(stderr).toContain('--adopt-source');
    expect(work.tiers()).toEqual(tiers);
  }
  expect(await other.requests()).toMatchObject({ lists: 0, gets: 0 });
  work.endpoint = bucket.endpoint;
  expect((await work.populate(`${LONGER} --bucket another`)).code).toBe(2);

  work.endpoint = other.endpoint;
  const adopted = await work.populateJson(`${LONGER} --adopt-source`);
  expect(adopted.code).toBe(0);
  expect(adopted.summary.days).toMatchObject({ unchanged: 8, fetched: 2 });
  expect(JSON.parse(work.read('progress.json'))).toMatchObject({ source: { endpoint: other.endpoint } });
  // From now on it is the other's, and the first one is refused.
  expect((await work.populate('--start 2024-05-01 --end 2024-05-15')).code).toBe(0);
  work.endpoint = first.endpoint;
  expect((await work.populate('--start 2024-05-01 --end 2024-05-20')).code).toBe(2);
});

it('a settled range is served whatever the endpoint, for nothing is asked of it', async () => {
  const work = await Workdir.make(await market());
  await work.populate(ARGS);
  work.endpoint = 'http://127.0.0.1:9';
  expect((await work.populate(ARGS)).code).toBe(0);
});

it('keys of the environment and of a profile appear in no output, log or file, whether a run ends well or not', async () => {
  const secrets = {
    accessKeyId: 'AKIDKNOWNTOTESTS',
    secretAccessKey: 'thesecretthatnobodymaysee',
    token: 'sessiontokenofmine',
  };
  const sandbox = await market({
    accessKeyId: secrets.accessKeyId,
    secretAccessKey: secrets.secretAccessKey,
  });
  const failing = await market(); // whose keys are others
  for (const endpoint of [
    sandbox.endpoint,
    failing.endpoint,
    'http://127.0.0.1:9',
    `http://${secrets.accessKeyId}:${secrets.secretAccessKey}@127.0.0.1:9`,
  ]) {
    for (const from of ['environment', 'profile']) {
      const work = await Workdir.make({ endpoint });
      const log = path.join(work.root, 'trace.log');
      await writeFile(log, '');
      await mkdir(path.join(work.root, 'home/.aws'));
      if (from === 'profile') {
        const profile = `[massive]\naws_access_key_id = ${secrets.accessKeyId}\naws_secret_access_key = ${secrets.secretAccessKey}\n`;
        await writeFile(path.join(work.root, 'home/.aws/credentials'), profile);
      }
      const isProfile = from === 'profile';
      const env = {
        AWS_ACCESS_KEY_ID: isProfile ? '' : secrets.accessKeyId,
        AWS_SECRET_ACCESS_KEY: isProfile ? '' : secrets.secretAccessKey,
        DEBUG: '*',
        NODE_DEBUG: '',
      };
      const { code, stdout, stderr } = await work.populate(
        `${ARGS} --json --log-file ${log} --log-level trace`,
        { env },
      );
      expect(code, stderr).toBe(
        endpoint === sandbox.endpoint
          ? 0
          : endpoint === failing.endpoint
            ? 4
            : endpoint.includes('@')
              ? 2
              : 5,
      );
      const files = Object.keys(work.everything()).filter((name) => !name.startsWith('massive_cache'));
      const told = [stdout, stderr, readFileSync(log, 'utf8'), ...files.map((name) => work.read(name))].join(
        '\n',
      );
      for (const secret of Object.values(secrets))
        expect(told.includes(secret), `${endpoint} ${from}: ${told}`).toBe(false);
    }
  }
}, 60_000);
