import type { Invocation } from '#cli/invocation.js';
export async function lakeVerifyCommand(_: Invocation): Promise<number> { return 1; }
