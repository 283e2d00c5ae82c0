/** What SQL can ask of the REST tables, by name. */
import type { IsoDay } from '#market/calendar/iso-day.js';
import { TABLES } from '#market/tables/all.js';
import { news } from '#market/tables/news.js';
import type { FolderLayout } from '#store/folder/layout.js';
import { layerFolder } from '#store/lake/layout.js';
import { filesIn } from '#store/lake/tree.js';
import { heldTables } from '#store/tables/layout.js';
import { currentView, versionsView } from '#store/tables/views.js';
import { RATIOS_TABLE } from '#tasks/ratios/build.js';
import { hasStatements } from '#tasks/ratios/sources.js';
import { olderRatiosView, ratiosView } from '#tasks/ratios/views.js';

/** Each name's SELECT: the current records, all versions, and what news has inside it. */
export function tableViews(
  layout: FolderLayout,
  asOf: IsoDay | undefined,
): ReadonlyMap<string, () => string> {
  const views = new Map<string, () => string>();
  for (const [name, type] of TABLES) {
    views.set(name, () => currentView(type, layout, asOf));
    views.set(`${name}_versions`, () => versionsView(type, layout));
  }
  views.set(RATIOS_TABLE, () => ratiosView(layout, asOf));
  views.set('older_ratios', () => olderRatiosView(layout, asOf));
  const articles = (): string => currentView(news, layout, asOf);
  views.set('news_tickers', () => `SELECT id, unnest(tickers) AS ticker FROM (${articles()})`);
  views.set(
    'news_insights',
    () =>
      `SELECT id, unnest(from_json(insights, '[{"ticker":"VARCHAR","sentiment":"VARCHAR","sentiment_reasoning":"VARCHAR"}]'), recursive := true) FROM (${articles()})`,
  );
  return views;
}

/** The names of views that have a file behind them. */
export function heldTableViews(layout: FolderLayout): ReadonlySet<string> {
  return new Set([
    ...(filesIn(layerFolder(layout, 'silver', RATIOS_TABLE)).size > 0 ? [RATIOS_TABLE] : []),
    ...(hasStatements(layout) ? ['older_ratios'] : []),
    ...heldTables(layout).flatMap((name) => [
      name,
      `${name}_versions`,
      ...(name === news.name ? ['news_tickers', 'news_insights'] : []),
    ]),
  ]);
}
