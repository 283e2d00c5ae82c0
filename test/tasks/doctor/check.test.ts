/** Checks in a row: what is skipped, what is bounded, what ends it. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SourceError } from '#platform/http/source-error.js';
import { examine, type Station } from '#tasks/doctor/check.js';
import type { Finding } from '#tasks/doctor/finding.js';

const OK: Finding = { state: 'ok', message: 'fine' };
const BAD: Finding = { state: 'failure', message: 'broken', outcome: { disk: true } };

function options(signal = new AbortController().signal, mostMs = 5000): Parameters<typeof examine>[1] {
  return { signal, mostMs, onBegin: () => undefined };
}

it('a check runs exactly if nothing that it needs failed or was skipped; all are told, in order', async () => {
  const plan = fc.array(fc.record({ fails: fc.boolean(), needs: fc.array(fc.nat(9), { maxLength: 3 }) }), {
    maxLength: 10,
  });
  await fc.assert(
    fc.asyncProperty(plan, async (all) => {
      const ran: string[] = [];
      const stations = all.map(({ fails, needs }, i): Station => {
        const name = `c${i}`;
        const before = needs.filter((n) => n < i).map((n) => `c${n}`);
        return {
          name,
          needs: before,
          run: async () => {
            ran.push(name);
            return fails ? BAD : OK;
          },
        };
      });
      const { checks, outcome } = await examine(stations, options());
      expect(checks.map(({ name }) => name)).toEqual(stations.map(({ name }) => name));
      const bad = new Set<string>();
      for (const [i, { name, needs = [] }] of stations.entries()) {
        const skipped = needs.some((one) => bad.has(one));
        if (skipped || all[i]?.fails === true) bad.add(name);
        expect(checks[i]?.state).toBe(skipped ? 'skipped' : all[i]?.fails === true ? 'failure' : 'ok');
        expect(ran.includes(name)).toBe(!skipped);
      }
      expect(outcome).toEqual(checks.some(({ state }) => state === 'failure') ? { disk: true } : {});
    }),
  );
});

it('one dataset’s failure is not another’s', async () => {
  const station = (
    name: string,
    of: string | undefined,
    finding: Finding,
    needs: string[] = [],
  ): Station => ({
    name,
    needs,
    ...(of === undefined ? {} : { of }),
    run: async () => finding,
  });
  const row = [
    station('wire', undefined, OK),
    station('listing', 'a', BAD, ['wire']),
    station('day', 'a', OK, ['listing']),
    station('listing', 'b', OK, ['wire']),
    station('day', 'b', OK, ['listing']),
  ];
  const { checks } = await examine(row, options());
  expect(checks.map(({ state }) => state)).toEqual(['ok', 'failure', 'skipped', 'ok', 'ok']);
});

it('what hangs is given up, told that it is over, and the next one runs', async () => {
  let told: AbortSignal | undefined;
  const hanging: Station = {
    name: 'hanging',
    run: (signal) => {
      told = signal;
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('over'))));
    },
  };
  const { checks, outcome } = await examine(
    [hanging, { name: 'next', run: async () => OK }],
    options(undefined, 30),
  );
  expect(checks.map(({ state }) => state)).toEqual(['failure', 'ok']);
  expect(outcome).toEqual({ network: true });
  expect(told?.aborted).toBe(true);
});

it('a stop ends the row at once, with what was told until then', async () => {
  const stop = new AbortController();
  const row: Station[] = [
    { name: 'first', run: async () => OK },
    { name: 'stopped', run: () => new Promise(() => stop.abort('SIGINT')) },
    { name: 'never', run: async () => OK },
  ];
  const { checks } = await examine(row, options(stop.signal));
  expect(checks.map(({ name }) => name)).toEqual(['first']);
});

it('an error of the wire is a finding, a bug of ours is thrown', async () => {
  const failing = (error: Error): Station => ({ name: 'x', run: () => Promise.reject(error) });
  const { checks, outcome } = await examine(
    [failing(new SourceError('network', 'the line is cut.'))],
    options(),
  );
  expect(checks[0]).toMatchObject({ state: 'failure', message: 'the line is cut' });
  expect(outcome).toEqual({ network: true });
  await expect(examine([failing(new TypeError('oops'))], options())).rejects.toThrow('oops');
});
