/**
 * Names of unfinished files: behind the final name stands the writer's pid,
 * `AAPL_1d_data.csv.4711.barloom-tmp`.
 */

const TEMPORARY = '.barloom-tmp';

export function temporaryName(file: string): string {
  return `${file}.${process.pid}${TEMPORARY}`;
}

/** Whether it is the name of an unfinished file, whoever's. */
export function isTemporary(name: string): boolean {
  return name.endsWith(TEMPORARY);
}

/** The name that the file is going to have; any other name is its own. */
export function finalName(name: string): string {
  return isTemporary(name) ? name.slice(0, -TEMPORARY.length).replace(/\.\d+$/, '') : name;
}

/**
 * The writer's pid, of what stands behind the final name; undefined where that is no unfinished file's
 * ending.
 */
export function writerOf(ending: string): number | undefined {
  const match = /^\.(\d+)\.barloom-tmp$/.exec(ending);
  return match === null ? undefined : Number(match[1]);
}
