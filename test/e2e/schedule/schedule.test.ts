/**
 * The real command, with a crontab and a systemctl that keep what they are given in a file; what is printed
 * is run, as cron would.
 */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { type Ended, market, Workdir } from '../../support/workdir.js';

const FOREIGN = Buffer.from(
  '# mine\nMAILTO=me\n0 5 * * 1 tar zcf /b/\\%d.tgz # caf\xe9\n*/5 * * * * poll',
  'latin1',
);

/** A machine with these programs in its PATH and nothing else. */
class Machine {
  readonly work: Workdir;
  readonly bin: string;
  readonly crontab: string;
  readonly calls: string;

  private constructor(work: Workdir) {
    this.work = work;
    [this.bin = '', this.crontab = '', this.calls = ''] = ['bin', 'crontab', 'calls'].map((name) =>
      path.join(work.root, name),
    );
  }

  static async make(): Promise<Machine> {
    const work = await Workdir.make();
    const machine = new Machine(work);
    const { bin, crontab, calls } = machine;
    await mkdir(bin);
    // As Vixie's: without a crontab it says so and fails.
    const fake = `#!/bin/sh
if [ "$1" = -l ]; then
  if [ -f ${crontab} ]; then exec cat ${crontab}; fi
  echo "no crontab for $USER" >&2; exit 1
fi
echo write >> ${calls}
cat > ${crontab}
`;
    await writeFile(path.join(bin, 'crontab'), fake);
    await writeFile(path.join(bin, 'systemctl'), `#!/bin/sh\necho "$*" >> ${calls}\n`);
    for (const name of ['crontab', 'systemctl']) await chmod(path.join(bin, name), 0o755);
    for (const name of ['sh', 'cat', 'env'])
      await symlink(
        execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
        path.join(bin, name),
      );
    await work.write('progress.json', '{}');
    return machine;
  }

  schedule(args: string, dataDir = this.work.data): Promise<Ended> {
    const env = { PATH: this.bin, TZ: 'Europe/Berlin' };
    return this.work.run(['schedule', ...args.split(' ').filter(Boolean), '--data-dir', dataDir], { env });
  }

  units(): string {
    return path.join(this.work.root, 'home', '.config', 'systemd', 'user');
  }

  called(): readonly string[] {
    return existsSync(this.calls) ? readFileSync(this.calls, 'utf8').trim().split('\n') : [];
  }
}

it('runs in no other zone that the crontab sets, and says that an empty MAILTO has cron mail nothing', async () => {
  const machine = await Machine.make();
  const foreign = 'MAILTO=""\n0 1 * * * /usr/bin/true\nCRON_TZ=Asia/Tokyo\n30 9 * * 1-5 /home/me/open.sh\n';
  await writeFile(machine.crontab, foreign);
  const { code, stdout, stderr } = await machine.schedule('--install');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('MAILTO="" above it in your crontab has cron mail nothing');
  const lines = readFileSync(machine.crontab, 'utf8').split('\n');
  const at = (text: string): number => lines.findIndex((line) => line.includes(text));
  expect(at('nightly --data-dir')).toBeLessThan(at('CRON_TZ'));
  expect((await machine.schedule('--remove')).code).toBe(0);
  expect(readFileSync(machine.crontab, 'utf8')).toBe(foreign);
});

it('installs beside other entries, once; another hour replaces it; removes it again', async () => {
  const machine = await Machine.make();
  const { work, crontab } = machine;
  await writeFile(crontab, FOREIGN);
  const other = path.join(work.root, 'other folder');
  await mkdir(path.join(other, 'data_cache', 'x'), { recursive: true });
  const beside = await machine.schedule('--install', other);
  expect(beside.code, beside.stderr).toBe(0);
  const before = readFileSync(crontab);

  const first = await machine.schedule('--install');
  expect(first.code, first.stderr).toBe(0);
  expect(first.stdout).toBe(
    `Put in your crontab: barloom nightly in ${work.data}.\n` +
      'It runs at 17:30 (Europe/Berlin), Tue to Sat: never before 11:30 in New York.\n',
  );
  const installed = readFileSync(crontab);
  const { stdout: printed } = await machine.schedule('');
  expect(installed).toEqual(Buffer.concat([before, Buffer.from(printed)]));

  expect((await machine.schedule('--install')).stdout).toMatch(/^Already in your crontab/);
  expect(readFileSync(crontab)).toEqual(installed);
  expect((await machine.schedule('--install --at 12:15')).stdout).toMatch(/^Replaced .*\n.* 18:15 /);
  expect((await machine.schedule('--install --weekly')).stdout).toMatch(/, Sun: /);
  expect((await machine.schedule('--remove --weekly')).code).toBe(0);
  expect((await machine.schedule('--remove')).stdout).toMatch(/^Taken out of your crontab/);
  expect(readFileSync(crontab)).toEqual(before);
  expect((await machine.schedule('--remove', other)).code).toBe(0);
  expect(readFileSync(crontab)).toEqual(Buffer.concat([FOREIGN, Buffer.from('\n')]));
  const writes = machine.called().length;
  expect((await machine.schedule('--remove')).stdout).toMatch(/nothing to remove/);
  expect(machine.called()).toHaveLength(writes);
});

it('where there is no crontab yet, one is made; a crontab that refuses leaves exit 2 and its reason', async () => {
  const machine = await Machine.make();
  expect((await machine.schedule('--install')).code).toBe(0);
  expect(readFileSync(machine.crontab, 'utf8')).toBe((await machine.schedule('')).stdout);
  await writeFile(
    path.join(machine.bin, 'crontab'),
    '#!/bin/sh\necho "you are not allowed to use this program" >&2\nexit 1\n',
  );
  const refused = await machine.schedule('--install');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('crontab -l failed with exit code 1: you are not allowed');
});

it('the printed line, run as cron runs it, brings a folder with an awkward name up to date', async () => {
  const sandbox = await market();
  const work = await Workdir.make(sandbox);
  const dataDir = path.join(work.root, `it's 100% "mine" $HOME`);
  const { code, stderr } = await work.populate('--start 2024-06-10 --end 2024-06-12 --tickers AAPL', {
    dataDir,
  });
  expect(code, stderr).toBe(0);
  await writeFile(path.join(dataDir, 'barloom.json'), JSON.stringify({ endpoint: sandbox.endpoint }));
  const onFinish = `cat > "it's 100%.json"`;
  const { stdout } = await work.run(['schedule', '--data-dir', dataDir, '--on-finish', onFinish], {
    env: { TZ: 'Asia/Tokyo' },
  });
  const line = stdout.split('\n').find((text) => !text.startsWith('#')) ?? '';
  expect(line).toMatch(/^30 1 \* \* 0,3-6 /);
  expect(line.replaceAll('\\%', '')).not.toContain('%');
  const command = line.split(' ').slice(5).join(' ').replaceAll('\\%', '%');
  // Not waited for in this thread, which serves the sandbox.
  const ran = await promisify(execFile)('/bin/sh', ['-c', command], {
    cwd: '/',
    env: {
      HOME: path.join(work.root, 'home'),
      PATH: '/usr/bin:/bin',
      BARLOOM_NOW: work.now,
      AWS_ACCESS_KEY_ID: sandbox.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.credentials.secretAccessKey,
    },
  });
  expect(ran).toEqual({ stdout: '', stderr: '' });
  expect(existsSync(path.join(dataDir, 'massive_cache', '2024-06-13.csv.gz'))).toBe(true);
  expect(JSON.parse(readFileSync(path.join(dataDir, "it's 100%.json"), 'utf8'))).toMatchObject({
    command: 'nightly',
    exit_code: 0,
    line: expect.stringMatching(/^nightly: 1 day added \(2024-06-13\)/),
  });
});

it('systemd: units that know the zone, enabled; twice is once; taken away again', async () => {
  const machine = await Machine.make();
  await mkdir(machine.units(), { recursive: true });
  await writeFile(path.join(machine.units(), 'other.timer'), 'theirs\n');
  const { code, stdout, stderr } = await machine.schedule('--systemd --install --at 12:05');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('12:05 in New York, Tuesday to Saturday');
  const [other, service = '', timer = ''] = readdirSync(machine.units()).sort().reverse();
  expect(other).toBe('other.timer');
  expect([service, timer].sort()).toEqual([
    expect.stringMatching(/^barloom-nightly-[0-9a-f]{8}\.service$/),
    expect.stringMatching(/^barloom-nightly-[0-9a-f]{8}\.timer$/),
  ]);
  const name = timer.replace(/\.\w+$/, '');
  const read = (unit: string): string => readFileSync(path.join(machine.units(), unit), 'utf8');
  expect(read(`${name}.timer`)).toContain('OnCalendar=Tue..Sat 12:05 America/New_York\nPersistent=true\n');
  expect(read(`${name}.service`)).toContain(`WorkingDirectory=${machine.work.data}\n`);
  expect(machine.called()).toEqual([
    '--user daemon-reload',
    '--user daemon-reload',
    `--user enable --now ${name}.timer`,
  ]);
  expect((await machine.schedule('--systemd --install --at 12:05')).stdout).toMatch(/^Already among/);
  expect((await machine.schedule('--systemd --install')).stdout).toMatch(/^Replaced among/);
  expect(read(`${name}.timer`)).toContain('Tue..Sat 11:30 America/New_York');
  expect((await machine.schedule('--systemd --remove')).code).toBe(0);
  expect(readdirSync(machine.units())).toEqual(['other.timer']);
  expect(machine.called().slice(-2)).toEqual([`--user disable --now ${name}.timer`, '--user daemon-reload']);
});

const canVerify = spawnSync('systemd-analyze', ['--version']).status === 0;

it.skipIf(!canVerify)(
  'systemd itself finds nothing amiss with the units of a folder with an awkward name',
  async () => {
    const machine = await Machine.make();
    const dataDir = path.join(machine.work.root, `it's 100% "mine" $HOME`);
    await mkdir(path.join(dataDir, 'data_cache', 'x'), { recursive: true });
    expect((await machine.schedule('--systemd --install --weekly', dataDir)).code).toBe(0);
    const files = readdirSync(machine.units()).map((name) => path.join(machine.units(), name));
    const verified = spawnSync('systemd-analyze', ['verify', '--user', ...files], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: machine.work.root },
    });
    const ours = verified.stderr.split('\n').filter((text) => text.includes('barloom-weekly'));
    expect(ours).toEqual([]);
  },
);

it('without crontab or systemctl, with a wrong hour, or in an empty folder: exit 2 and what to do', async () => {
  const work = await Workdir.make();
  const run = (...args: string[]): Promise<Ended> =>
    work.run(['schedule', '--data-dir', work.data, ...args], {
      env: { PATH: path.join(work.root, 'nothing') },
    });
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['--install'], /no data in .*populate/],
    [['--at', '25:00'], /--at 25:00 is no time of day/],
    [['--on-finish', 'a\nb'], /--on-finish with a line break/],
    [['--cron', '--systemd'], /only one of --cron and --systemd/],
    [['--install', '--remove'], /only one of --install and --remove/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr, stdout } = await run(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  }
  expect(work.everything()).toEqual({});
  await work.write('progress.json', '{}');
  expect(await run('--install')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no crontab on this machine: install cron, or give --systemd'),
  });
  expect(await run('--install', '--systemd')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no systemctl on this machine: give --cron'),
  });
  expect(existsSync(path.join(work.root, 'home', '.config'))).toBe(false);
});

it('--json tells the entry, and the folder of an archive elsewhere goes with it', async () => {
  const work = await Workdir.make();
  const archive = path.join(work.root, 'big drive');
  const { code, stdout } = await work.run(
    ['schedule', '--weekly', '--data-dir', 'data', '--archive-dir', 'big drive', '--json'],
    { env: { TZ: 'UTC' } },
  );
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    command: 'schedule',
    exit_code: 0,
    verb: 'weekly',
    scheduler: 'cron',
    at: { time: '11:30', zone: 'America/New_York' },
    machine_zone: 'UTC',
    entry: expect.stringContaining(`--data-dir ${work.data} --archive-dir '${archive}' >/dev/null`),
  });
});
