import type { Invocation } from '#cli/invocation.js';
export async function lakeDuckdbCommand(_: Invocation): Promise<number> {
  return 1;
}
