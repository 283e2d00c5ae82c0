/**
 * The failure-rate sweep below and beside HTTP: nobody listens, the server goes in mid-run and comes back, a
 * slow way, TLS where there is none, a name that nobody knows, a clock that is wrong, a day that is replaced
 * between its listing and its download.
 */
import { createServer } from 'node:net';
import pLimit from 'p-limit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Ended, keyOf, market, together, Workdir } from '../../support/workdir.js';
import { LONG as LONG_FORM, SEED, scaled, technique } from '../technique.js';
import { relayTo } from './relay.js';
import { completes, faultless, judged, RANGE, troubled, wholeOf } from './spoilt.js';

const t = technique('failure-rate sweep: endpoints');
const HOUR = 3_600_000;
const LONG = scaled(180_000, HOUR);

/** The events of a `--json` run so far. */
function events(stderr: string): readonly { readonly type: string }[] {
  return stderr
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { readonly type: string });
}

describe('an endpoint that is none', () => {
  it('ends with 5 and says what is wrong; the right one then goes on in the same folder', {
    timeout: LONG,
  }, async () => {
    const whole = await faultless();
    const { sandbox } = await troubled();
    const chatter = createServer((socket) => {
      socket.on('error', () => undefined).end('\x15\x03\x01\x00\x02\x02\x46');
    });
    await new Promise<void>((resolve) => chatter.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void chatter.close());
    const { port } = chatter.address() as { readonly port: number };
    const wrong = {
      'nobody listens': 'http://127.0.0.1:1',
      'no such name': 'http://no-such-host.invalid',
      'TLS to a plain port': sandbox.endpoint.replace('http:', 'https:'),
      'plain to a port that speaks TLS': `http://127.0.0.1:${port}`,
    };
    await together(
      Object.entries(wrong).map(([what, endpoint]) =>
        t.attempt(what, async () => {
          t.injected();
          const work = await Workdir.make({ endpoint });
          const { code, stderr } = await judged(work, whole);
          expect(code).toBe(5);
          expect(stderr).toContain(endpoint);
          expect(events(stderr).filter(({ type }) => type === 'retry').length).toBeGreaterThan(0);
          work.endpoint = sandbox.endpoint;
          await completes(work, whole);
        }),
      ),
    );
  });
});

describe('a server that goes', () => {
  type Struck = (relay: Awaited<ReturnType<typeof relayTo>>) => Promise<void>;
  const ways: Readonly<Record<string, Struck>> = {
    'and stays away': (relay) => relay.close(),
    'and comes back a second later': async (relay) => {
      await relay.close();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await relay.open();
    },
    'for a moment, with every connection': async (relay) => relay.drop(),
  };

  it('at any request: what is there is whole, and told', { timeout: LONG }, async () => {
    const whole = await faultless();
    const atOnce = pLimit(8);
    const instants = Array.from({ length: scaled(1, 9) }, (_, n) => scaled(3, n));
    await together(
      Object.entries(ways).flatMap(([how, strike]) =>
        instants.map((after) =>
          atOnce(() =>
            t.attempt(`${how}, after ${after} days`, async () => {
              const { sandbox, work } = await troubled();
              const relay = await relayTo(sandbox.endpoint);
              work.endpoint = relay.endpoint;
              let struck: Promise<void> | undefined;
              const { code } = await judged(work, whole, {
                onStderr: (stderr) => {
                  const done = events(stderr).filter(
                    ({ type }) => type === 'day' || type === 'started',
                  ).length;
                  if (done > after) struck ??= strike(relay);
                },
              });
              expect(struck, 'the run was over before').toBeDefined();
              await struck;
              t.injected();
              expect([0, 3, 5]).toContain(code);
              await relay.close();
              await relay.open();
              await completes(work, whole);
            }),
          ),
        ),
      ),
    );
  });

  it.runIf(LONG_FORM)('a way on which each connection waits is only slow', { timeout: LONG }, () =>
    t.attempt('slow way', async () => {
      const whole = await faultless();
      const { sandbox, work } = await troubled();
      const relay = await relayTo(sandbox.endpoint, 1500);
      work.endpoint = relay.endpoint;
      expect((await judged(work, whole)).code).toBe(0);
      t.injected(relay.connections());
    }),
  );
});

describe('a clock that is wrong', () => {
  it("is corrected by the server's, with one warning, listings and days alike", {
    timeout: LONG,
  }, async () => {
    const whole = await faultless();
    const minutes = [16, -16, 23 * 60, -23 * 60];
    await together(
      minutes.map((ahead) =>
        t.attempt(`${ahead} min`, async () => {
          const sandbox = await market({ clock: () => new Date(Date.now() + ahead * 60_000) });
          const work = await Workdir.make(sandbox);
          const { code, stderr, summary } = await judged(work, whole);
          expect(code).toBe(0);
          const notes = events(stderr).filter(({ type }) => type === 'note');
          expect(notes.length).toBe(1);
          const side = ahead > 0 ? 'behind' : 'ahead of';
          expect(JSON.stringify(notes[0])).toContain(`clock is ${Math.abs(ahead)} min ${side} the server's`);
          t.injected(summary.requests.retried);
          expect(summary.requests.retried).toBeGreaterThan(0);
        }),
      ),
    );
  });

  it.runIf(LONG_FORM)(
    'is not what a server that refuses every date complains of, and that is said',
    { timeout: LONG },
    () =>
      t.attempt('every date refused', async () => {
        const { sandbox, work } = await troubled({ faults: [{ kind: 'skew403' }] });
        const { code, stderr } = await judged(work, await faultless());
        t.injected((await sandbox.requests()).lists);
        expect(code).toBe(4);
        expect(stderr).toContain("although this computer's clock agrees with its own");
      }),
  );
});

it('a day that is replaced between its listing and its download: the new one, as if it had been there before', {
  timeout: LONG,
}, async () => {
  const days = ['2024-04-29', '2024-05-02', '2024-05-07'];
  await t.attempt(`seed ${SEED}`, async () => {
    // Few requests a second, so that the listing is past, and most days are not asked for yet, when they are
    // replaced.
    const { sandbox, work } = await troubled();
    let replaced: Promise<unknown> | undefined;
    const first: Ended = await work.populate(`${RANGE} --json --rate-limit 10`, {
      onStderr: (stderr) => {
        if (!events(stderr).some(({ type }) => type === 'planned')) return;
        replaced ??= Promise.all(days.map((day) => sandbox.replace(keyOf(day), 'corrected')));
      },
    });
    await replaced;
    t.injected(days.length);
    expect(first.code).toBe(0);
    const after = await Workdir.make(sandbox);
    expect((await after.populate(RANGE)).code).toBe(0);
    const whole = wholeOf(after);
    // A day whose download came before its replacement is the old one, until it is looked at again.
    expect((await work.populateJson(`${RANGE} --recheck`)).code).toBe(0);
    expect(work.tiers()).toEqual(whole.tiers);
  });
});
