/**
 * A data folder that is filled once for all tests of a file, since filling one is most of what a small test
 * costs; each gets a copy.
 */
import { afterAll } from 'vitest';
import type { RunningSandbox, SandboxOptions } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';
import { NOW, Workdir } from './workdir.js';

export interface Filled {
  /** This test's own. */
  readonly work: Workdir;
  /** All tests' together: none may change its objects, and what it counts begins with the filling. */
  readonly sandbox: RunningSandbox;
}

/**
 * For the top of a test file. `args` are those of the `populate` that fills; `prepare` is called before it,
 * and both only when the first test asks.
 */
export function filledOnce(
  args: string,
  options: Partial<SandboxOptions> = {},
  prepare: (work: Workdir) => Promise<unknown> = async () => {},
): () => Promise<Filled> {
  const endings: (() => Promise<void>)[] = [];
  let first: Promise<Filled> | undefined;
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
  });
  const fill = async (): Promise<Filled> => {
    const sandbox = await startSandbox({ now: new Date(NOW), tickers: 0, ...options });
    endings.push(() => sandbox.close());
    const work = await Workdir.make(sandbox, (remove) => endings.push(remove));
    await prepare(work);
    const { code, stderr } = await work.populate(args);
    if (code !== 0) throw new Error(`exit ${code}: ${stderr}`);
    return { work, sandbox };
  };
  return async () => {
    first ??= fill();
    const { work, sandbox } = await first;
    return { work: await work.copy(), sandbox };
  };
}
