/** How a load is told while it goes: a line a batch, or a live line; with --json, NDJSON. */
import type { Environment } from '#cli/environment.js';
import { batchLine, indexLine, loadLiveText, plannedLine } from '#cli/output/load-text.js';
import { safeJson } from '#cli/output/safe-text.js';
import type { LoadNews } from '#ingest/loading/load-table.js';
import type { CommandContext } from './context.js';

export interface LoadTalk {
  hear(news: LoadNews): void;
  /** Takes the live line away. */
  end(): void;
}

const PAUSE_MS = 100;
const CLEAR = '\r\x1b[2K';

export function loadTalk(
  { settings, json, quiet }: Pick<CommandContext, 'settings' | 'json' | 'quiet'>,
  { liveTerminal, stderr, columns, clock }: Environment,
): LoadTalk {
  if (quiet) return { hear: () => undefined, end: () => undefined };
  if (json) return { hear: (news) => stderr(`${safeJson(news)}\n`), end: () => undefined };
  const isLive = liveTerminal && settings.switch('progress', true);
  let begun = clock();
  let shownAt = Number.NEGATIVE_INFINITY;
  let isShown = false;
  const end = (): void => {
    if (isShown) stderr(CLEAR);
    isShown = false;
  };
  const say = (text: string | undefined): void => {
    if (text === undefined) return;
    end();
    stderr(`${text}\n`);
  };
  return {
    end,
    hear: (news) => {
      if (news.type === 'planned') {
        begun = clock();
        say(plannedLine(news));
      } else if (news.type === 'indexes') say(indexLine(news));
      else if (!isLive) say(batchLine(news));
      else if (clock() - shownAt >= PAUSE_MS) {
        shownAt = clock();
        isShown = true;
        const text = loadLiveText(news, (shownAt - begun) / 1000);
        stderr(`${CLEAR}${text.slice(0, (columns() || 80) - 1)}`);
      }
    },
  };
}
