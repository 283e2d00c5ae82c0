/** `barloom quotes status`: what is here of imported quotes, and how far a running import is. */
import type { Invocation } from '#cli/invocation.js';
import { quotesFolder } from '#cli/options/quote-options.js';
import { quotesStatusText } from '#cli/output/quotes-text.js';
import { reported } from '#cli/output/reported.js';
import { commandContext } from '#cli/run/context.js';
import { exitCodeOf } from '#tasks/exit-code.js';
import { withReader } from '#tasks/lake/open-lake.js';
import { quotesStatus } from '#tasks/quotes/status.js';

const READER_BYTES = 128e6;

export function quotesStatusCommand(invocation: Invocation): Promise<number> {
  return reported('quotes status', invocation, async () => {
    const context = await commandContext(invocation, 'anywhere');
    const status = await withReader({ memoryBytes: READER_BYTES, threads: 1 }, (duck) =>
      quotesStatus(quotesFolder(context), duck),
    );
    const damaged = status.tables.some(({ symbols }) =>
      symbols.some(({ unreadable }) => unreadable.length > 0),
    );
    return {
      exitCode: exitCodeOf({ damage: damaged }),
      text: quotesStatusText(status),
      document: { quotes: status.tables, run: status.run ?? null },
    };
  });
}
