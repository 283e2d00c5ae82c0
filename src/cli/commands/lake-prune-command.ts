import type { Invocation } from '#cli/invocation.js';
export async function lakePruneCommand(_: Invocation): Promise<number> { return 1; }
