/** JSON.parse takes values that are nested without end, and JSON.stringify ends the program over them. */

/** Levels of objects and lists that files of ours have at most. */
const MOST_LEVELS = 12;

/** Whether a value that was parsed can be quoted and written again. */
export function isShallow(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((one) => isShallow(one, levels - 1));
}

export const TOO_DEEP = 'objects and lists in it are nested too deep';
