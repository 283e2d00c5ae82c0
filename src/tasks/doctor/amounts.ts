/** Amounts in the sentences of findings. */

/** `1 day`, `1,204 days`. */
export function amount(n: number, one: string): string {
  return `${n.toLocaleString('en-US')} ${one}${n === 1 ? '' : 's'}`;
}

/** Up for what is needed, down for what is free. */
export function megabytes(bytes: number, round: (n: number) => number): string {
  return `${round(bytes / 1e6).toLocaleString('en-US')} MB`;
}
