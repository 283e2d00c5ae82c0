/** Where a name leads. */
import { realpathSync } from 'node:fs';
import path from 'node:path';

/** With links followed as far as there is something. Never throws. */
export function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const parent = path.dirname(file);
    return parent === file ? file : path.join(realPathOf(parent), path.basename(file));
  }
}

/** Whether the one is the other folder, or lies in it; by their names alone. */
export function isWithin(inner: string, outer: string): boolean {
  const between = path.relative(outer, inner);
  return between === '' || (!between.startsWith('..') && !path.isAbsolute(between));
}
