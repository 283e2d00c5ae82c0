/** The exit code of several works one after another: the most severe, in the order of tasks/exit-code.ts. Pure. */

const ORDER: readonly number[] = [130, 143, 1, 2, 11, 6, 4, 7, 5, 3];

/** 0 where all are 0, or there are none. A code that is not in the table is a bug of ours. */
export function mostSevere(codes: readonly number[]): number {
  const bad = codes.filter((code) => code !== 0);
  if (bad.some((code) => !ORDER.includes(code))) return 1;
  return ORDER.find((code) => bad.includes(code)) ?? 0;
}

/** Whether it makes no sense to go on with the next work: stopped by a signal, a bug, a lock that somebody holds, a full disk, wrong keys. */
export function endsTheNight(code: number): boolean {
  return code !== 0 && code !== 3 && code !== 7 && code !== 5;
}
