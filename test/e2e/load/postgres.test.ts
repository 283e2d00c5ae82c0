/** `load` into a PostgreSQL server, which psql reads. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../support/others.js';
import { PASSWORD, usePostgres } from '../../support/postgres/postgres.js';
import { Workdir } from '../../support/workdir.js';
import { manyDays, postgresPlaces, weekdays } from './place.js';
import { loadPromises } from './promises.js';

describeWith('PostgreSQL', () => {
  const postgres = usePostgres(['max_connections = 20']);
  const make = postgresPlaces(postgres);
  loadPromises(make);

  it('a server that goes away in the midst of it is 5; then the next load goes on', async () => {
    const place = await make();
    await manyDays(place.work, weekdays(10), 2000);
    let isKilled: Promise<void> | undefined;
    const { code, stderr } = await place.spawn('--batch-size 100 --indexes drop', {
      onStderr: (text) => {
        if (text.includes('batch 3/')) isKilled ??= postgres.kill();
      },
    });
    await isKilled;
    expect(code).toBe(5);
    expect(stderr).toContain('run the same command again to go on');
    const gone = await place.load();
    expect(gone.code).toBe(5);
    expect(gone.stderr).toContain('ECONNREFUSED');
    await postgres.start();
    const there = Number(await place.sql('SELECT count(*) FROM stocks_daily'));
    expect(there).toBeGreaterThanOrEqual(300);
    expect(
      await place.sql("SELECT sum(row_count) FROM barloom_loads WHERE table_name = 'stocks_daily'"),
    ).toBe(String(there));
    expect((await place.load()).code).toBe(0);
    expect(await place.sql('SELECT count(*), count(DISTINCT (symbol, date)) FROM stocks_daily')).toBe(
      '20000|20000',
    );
    expect(
      await place.sql("SELECT indexname FROM pg_indexes WHERE tablename = 'stocks_daily' ORDER BY 1"),
    ).toBe('stocks_daily_date\nstocks_daily_key');
  }, 60_000);

  it('a user’s own index is there again behind a load that took it away', async () => {
    const place = await make();
    await manyDays(place.work, weekdays(2), 20);
    await place.load(`--end ${weekdays(1)[0]}`);
    await place.sql('CREATE INDEX mine ON stocks_daily (open DESC) WHERE open > 1');
    const { stderr } = await place.load('--indexes drop');
    expect(stderr).toContain('indexes stocks_daily_key, stocks_daily_date, mine taken away');
    expect(await place.sql("SELECT indexdef FROM pg_indexes WHERE indexname = 'mine'")).toBe(
      'CREATE INDEX mine ON public.stocks_daily USING btree (open DESC) WHERE (open > (1)::numeric)',
    );
  });

  it('two loads of one table at once: the second is told so, 11', async () => {
    const place = await make();
    await manyDays(place.work, weekdays(4), 500);
    let second: ReturnType<typeof place.load> | undefined;
    const first = await place.spawn('--batch-size 10', {
      onStderr: (text) => {
        if (text.includes('batch 2/')) second ??= place.load();
      },
    });
    expect((await second)?.code).toBe(11);
    expect((await second)?.stderr).toContain('another load of stocks_daily is going on');
    expect(first.code).toBe(0);
    expect(await place.sql('SELECT count(*) FROM stocks_daily')).toBe('2000');
  });

  it('passwords: ~/.pgpass and PGPASSWORD count, a wrong one is 4, and none is ever shown', async () => {
    const work = await Workdir.make();
    await manyDays(work, weekdays(1), 2);
    await postgres.database('secrets');
    const at = `127.0.0.1:${postgres.port}/secrets`;
    const env = {
      PGHOST: '127.0.0.1',
      PGPORT: String(postgres.port),
      PGUSER: 'barloom',
      PGDATABASE: 'secrets',
    };
    const escaped = PASSWORD.replace(/[\\:]/g, '\\$&');
    await work.write('../home/.pgpass', `127.0.0.1:*:*:barloom:${escaped}\n`);
    execFileSync('chmod', ['600', path.join(work.root, 'home', '.pgpass')]);
    const load = (to: string, more: Readonly<Record<string, string>> = {}) =>
      work.run(['load', '--to', to, '--data-dir', work.data, '--json'], { env: { ...env, ...more } });
    const all = [
      await load('postgres://'),
      await load(`postgres://barloom:${encodeURIComponent(PASSWORD)}@${at}`),
      await load('postgres://', { PGPASSWORD: 'wrong one' }),
      await load(`postgres://barloom:wrong%20one@${at}`),
      await load(`postgres://barloom:wrong/one@${at}`),
      await load(`postgres://nobody@${at}`),
    ];
    expect(all.map(({ code }) => code)).toEqual([0, 0, 4, 4, 2, 4]);
    for (const { stdout, stderr } of all)
      for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'wrong one', 'wrong%20one', 'wrong/one'])
        expect(stdout + stderr).not.toContain(secret);
  });

  it('who may not make a table is 4; a database that is not there is 2', async () => {
    const place = await make();
    await manyDays(place.work, weekdays(1), 2);
    await place.sql("CREATE ROLE reader LOGIN PASSWORD 'r'");
    const reader = place.to.replace('barloom@', 'reader:r@');
    const { code, stderr } = await place.work.run(['load', '--to', reader, '--data-dir', place.work.data]);
    expect(stderr).toContain('this user may not do that');
    expect(code).toBe(4);
    const nowhere = await place.work.run(['load', '--to', `${place.to}x`, '--data-dir', place.work.data], {
      env: { PGPASSWORD: PASSWORD },
    });
    expect(nowhere.code).toBe(2);
  });
});

describeWith('PostgreSQL', () => {
  const postgres = usePostgres();

  it('a certificate that nothing vouches for is 2; with its authority, or unasked, the connection is encrypted', async () => {
    const { dir } = postgres;
    const [key, certificate] = [path.join(dir, 'data', 'server.key'), path.join(dir, 'data', 'server.crt')];
    execFileSync(
      'openssl',
      [
        ...'req -new -x509 -days 2 -nodes -newkey rsa:2048 -subj /CN=localhost -addext subjectAltName=DNS:localhost'.split(
          ' ',
        ),
        ...['-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    );
    execFileSync('chown', ['--reference', path.join(dir, 'data'), key, certificate]);
    execFileSync('chmod', ['600', key]);
    await postgres.sql('postgres', 'ALTER SYSTEM SET ssl = on');
    await postgres.sql('postgres', 'SELECT pg_reload_conf()');
    const work = await Workdir.make();
    await manyDays(work, weekdays(1), 2);
    const url = (await postgres.database('tls')).replace('127.0.0.1', 'localhost');
    const load = (mode: string) =>
      work.run(['load', '--to', `${url}?sslmode=${mode}`, '--data-dir', work.data], {
        env: { PGPASSWORD: PASSWORD },
      });
    const untrusted = await load('verify-full');
    expect(untrusted.stderr).toContain('is not trusted');
    expect(untrusted.code).toBe(2);
    await postgres.sql('postgres', 'ALTER SYSTEM SET log_connections = on');
    await postgres.sql('postgres', 'SELECT pg_reload_conf()');
    const trusted = await load(`verify-full&sslrootcert=${certificate}`);
    expect(trusted.stderr).not.toContain('barloom:');
    expect([trusted.code, (await load('prefer')).code, (await load('no-verify')).code]).toEqual([0, 0, 0]);
    const log = readFileSync(path.join(dir, 'log'), 'utf8');
    expect(log.match(/application_name=barloom SSL enabled/g)).toHaveLength(3);
  }, 30_000);
});
