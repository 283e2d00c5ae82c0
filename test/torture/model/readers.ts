/** gaps and status beside what is on the disk. */
import { isEmpty } from './purposes.js';
import { must } from './rule.js';
import type { World } from './world.js';

interface Gap {
  readonly start: string;
  readonly end: string;
  readonly sessions: number;
  readonly state: string;
  readonly accepted?: string;
}

interface Gaps {
  readonly datasets: readonly {
    readonly range: { readonly start: string; readonly end: string };
    readonly sessions: number;
    readonly done: number;
    readonly pending: number;
    readonly pruned: number;
    readonly open: number;
    readonly accepted: number;
    readonly unfilled: number;
    readonly gaps: readonly Gap[];
  }[];
}

/**
 * Days that the archive holds are no gaps, the sums are right, the exit code is what is told; and nothing was
 * changed.
 */
export async function checkGaps(world: World): Promise<void> {
  const times = world.work.times();
  const { code, stdout, stderr } = await world.run('gaps --json');
  const nothing = isEmpty(world.before);
  if (nothing) must(code === 2, () => `gaps of nothing: ${code}\n${stderr}`);
  else {
    must([0, 2, 3].includes(code ?? -1), () => `gaps: ${code}\n${stderr}`);
    const [found] = (JSON.parse(stdout) as Gaps).datasets;
    if (code !== 2 && found !== undefined) checkSums(world, found, code);
  }
  const status = await world.run('status --json');
  must(status.code === (nothing ? 2 : 0), () => `status: ${status.code}\n${status.stderr}`);
  const after = world.work.times();
  const changed = [...new Set([...Object.keys(times), ...Object.keys(after)])].filter(
    (name) => times[name] !== after[name],
  );
  must(changed.length === 0, () => `gaps and status only read, and changed ${changed.join(', ')}`);
}

function checkSums(world: World, found: Gaps['datasets'][number], code: number | null): void {
  const { done, pending, pruned, open, accepted, sessions, unfilled, gaps, range } = found;
  const told = (): string => JSON.stringify({ ...found, tickers: undefined });
  must(done + pending + pruned + open + accepted === sessions, () => `gaps does not add up: ${told()}`);
  must((open + unfilled > 0 ? 3 : 0) === code, () => `gaps: ${code} with ${told()}`);
  const inGap = (day: string): Gap | undefined => gaps.find(({ start, end }) => day >= start && day <= end);
  for (const day of world.before.archive.keys()) {
    const gap = inGap(day);
    must(
      gap === undefined || gap.state === 'pruned' || day < range.start || day > range.end,
      () => `${day} is here, and gaps says ${gap?.state}`,
    );
  }
  for (const day of world.pruned)
    if (!world.before.archive.has(day) && day >= range.start && day <= range.end)
      must(inGap(day)?.state === 'pruned', () => `${day} was pruned, and gaps says ${inGap(day)?.state}`);
}
