import type { Invocation } from '#cli/invocation.js';
export async function lakeStatusCommand(_: Invocation): Promise<number> { return 1; }
