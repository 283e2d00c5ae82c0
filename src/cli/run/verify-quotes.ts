/** verify's part about imported quotes: looks, and with --repair moves aside what is damaged. */
import type { Invocation } from '#cli/invocation.js';
import { lockChoice } from '#cli/options/lock-options.js';
import { quotesFolder } from '#cli/options/quote-options.js';
import { verifyQuotesText } from '#cli/output/verify-quotes-text.js';
import { tablesIn } from '#store/quotes/tree.js';
import { withReader } from '#tasks/lake/open-lake.js';
import { withQuotes } from '#tasks/quotes/open-quotes.js';
import { setQuotesAside, type VerifiedQuotes, verifyQuotes } from '#tasks/quotes/verify.js';
import type { CommandContext } from './context.js';
import { lakeTools } from './lake-tools.js';

export interface QuotesVerified {
  readonly text: string;
  /** For the JSON document. */
  readonly quotes: readonly VerifiedQuotes[];
  readonly damaged: boolean;
}

/** Whether there are any. */
export function hasQuotes(context: CommandContext): boolean {
  return tablesIn(quotesFolder(context)).length > 0;
}

/** Undefined where there are none, or datasets were named. */
export async function quotesVerified(
  context: CommandContext,
  invocation: Invocation,
): Promise<QuotesVerified | undefined> {
  const { flags, environment } = invocation;
  if (flags['dataset'] !== undefined || !hasQuotes(context)) return undefined;
  const begun = environment.clock();
  const deep = flags['deep'] === true;
  const folder = quotesFolder(context);
  const tools = lakeTools('verify', context, invocation);
  const { signal } = environment;
  const quotes = await withReader(tools, async (duck) =>
    verifyQuotes(folder, { duck: await duck(), deep, signal }),
  );
  const damage = quotes.flatMap((one) => one.damage);
  const { now } = context;
  const aside =
    flags['repair'] === true && damage.length > 0
      ? await withQuotes(
          { quotes: folder, command: 'verify', now, threads: 1, ...lockChoice(invocation) },
          () => setQuotesAside(folder, damage, now),
        )
      : [];
  const seconds = (environment.clock() - begun) / 1000;
  return { text: verifyQuotesText(quotes, { deep, aside, seconds }), quotes, damaged: damage.length > 0 };
}
