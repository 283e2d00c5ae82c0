/** Every dataset once from an S3 server that this project did not write. */
import { expect, it } from 'vitest';
import { describeWith } from '../../support/others.js';
import { OWNER, useRgw } from '../../support/rgw/rgw.js';
import { Workdir } from '../../support/workdir.js';
import { command, DAY_BEFORE, DAYS, expectTiers, NAMES, RANGE, TRACK } from './folder.js';
import { ALL, objectsOf } from './small-market.js';

describeWith('Ceph RGW', () => {
  const rgw = useRgw();

  it('serves all of them, and again free', async () => {
    const put = await rgw.bucket('flatfiles');
    for (const [key, bytes] of objectsOf(ALL, DAYS)) await put(key, bytes);
    const work = await Workdir.make();
    work.now = DAY_BEFORE;
    const keys = { AWS_ACCESS_KEY_ID: OWNER.accessKeyId, AWS_SECRET_ACCESS_KEY: OWNER.secretAccessKey };
    const populate = (...more: readonly string[]) =>
      work.run(
        [
          'populate',
          '-t',
          NAMES,
          ...RANGE,
          ...TRACK,
          '--data-dir',
          work.data,
          '--endpoint',
          rgw.endpoint,
          ...more,
        ],
        { env: keys },
      );
    const { code, stderr } = await populate();
    expect(code, stderr).toBe(0);
    for (const dataset of ALL) expectTiers(work, dataset, DAYS);
    const again = await populate('--json');
    expect(again.code).toBe(0);
    for (const { requests } of JSON.parse(again.stdout).datasets) expect(requests.get).toBe(0);
    // The objects are newer than the fixed clock's day, and newer than no copy of ours.
    await work.remove('progress.json');
    const learnt = await populate('--json');
    expect(learnt.code, learnt.stderr).toBe(0);
    for (const { requests, dataset } of JSON.parse(learnt.stdout).datasets)
      expect(requests.get, dataset).toBe(0);
    expect((await command(work, ['gaps', '-t', NAMES])).code).toBe(0);
  });
});
