/** A word of warning where anybody on the way can read requests, and change answers. */
import type { Environment } from '#cli/environment.js';
import { isOpenToAll } from '#vendors/keys/endpoint.js';

export function warnOfPlainHttp(endpoint: string, { stderr }: Pick<Environment, 'stderr'>): void {
  if (isOpenToAll(endpoint))
    stderr(
      `barloom: ${new URL(endpoint).host} is asked over plain http: whoever is on the way can read keys or change data; use https\n`,
    );
}
