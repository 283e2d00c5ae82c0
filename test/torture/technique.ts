/**
 * One technique of trying to lose data: counts what it tried and what it found, and tells it when its file's
 * tests are over. In the quick form (every `npm test`) a technique tries little, in the long one (`npm run
 * test:torture`) much.
 */
import { appendFileSync } from 'node:fs';
import { afterAll } from 'vitest';

/** Whether it is the long form. */
export const LONG = process.env.BARLOOM_TORTURE === 'long';

/** How much to try: the long form is asked for with `npm run test:torture`. */
export function scaled(quick: number, long: number): number {
  return LONG ? long : quick;
}

/**
 * The long form of a technique takes a few minutes; so many times as much for who has hours. Infinity, where
 * there is an end to it.
 */
const TIMES = Number(process.env.BARLOOM_TIMES ?? 1);

/** How often to try. */
export function rounds(quick: number, long: number): number {
  return LONG ? long * TIMES : quick;
}

/** All of them in the long form; in the quick one so many, evenly spread, the same in every run. */
export function sampled<T>(all: readonly T[], quick: number): readonly T[] {
  if (LONG || quick >= all.length) return all;
  return Array.from({ length: quick }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / quick)] as T);
}

/** What random courses of events begin with; BARLOOM_SEED to see one again. */
export const SEED = Number(process.env.BARLOOM_SEED ?? (LONG ? Date.now() % 1_000_000 : 1));

export interface Technique {
  /** One try. What it throws is a loss: it is counted and thrown on. */
  attempt<T>(what: string, body: () => T | Promise<T>): Promise<T>;
  /** Tries that were made elsewhere, such as inside a property's run, none of them a loss. */
  tried(cases: number): void;
  /** Something was done to the program: a kill, a fault on the wire, a failing call, a damaged byte. */
  injected(faults?: number): void;
}

/** For the top of a test file. `name` as the table in docs/reliability.md has it. */
export function technique(name: string): Technique {
  let [cases, faults, losses] = [0, 0, 0];
  afterAll(() => {
    const line = { name, cases, faults, losses, seed: SEED };
    const log = process.env.BARLOOM_TORTURE_LOG;
    if (log !== undefined) appendFileSync(log, `${JSON.stringify(line)}\n`);
  });
  return {
    attempt: async (what, body) => {
      cases++;
      try {
        return await body();
      } catch (error) {
        losses++;
        if (error instanceof Error) error.message = `${what} (BARLOOM_SEED=${SEED}): ${error.message}`;
        throw error;
      }
    },
    tried: (more) => {
      cases += more;
    },
    injected: (more = 1) => {
      faults += more;
    },
  };
}
