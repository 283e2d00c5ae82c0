/** News, newest first unless asked otherwise. */

import { mix32 } from '#sandbox/market/hash.js';
import type { Article, Articles } from '#sandbox/market/news/articles.js';
import { FIRST_ARTICLE } from '#sandbox/market/news/articles.js';
import { hexId } from '#sandbox/market/reference/identifiers.js';
import { companyWords } from '#sandbox/market/reference/names.js';
import type { RestMarket } from '../rest-market.js';
import type { Table } from '../table.js';

const MS_PER_DAY = 86_400_000;
/** Articles since then say what they make of their tickers. */
const FIRST_INSIGHTS = Date.parse('2024-06-01T00:00:00Z');
const SENTIMENTS = ['positive', 'neutral', 'negative'] as const;
const PUBLISHERS = ['The Market Lantern', 'Ticker & Tape', 'Globe "Wire"', 'Morning Ledger'];
const VERBS = [
  'beats estimates',
  'names a new chief',
  'recalls a product',
  'buys a rival',
  'cuts its outlook',
];

export function news(market: RestMarket, articles: Articles): Table<Article> {
  return {
    generation: 'old',
    columns: {
      ticker: { kind: 'list', of: (article) => article.tickers },
      published_utc: { kind: 'instant', of: (article) => article.published },
    },
    windowColumn: 'published_utc',
    sort: [{ column: 'published_utc', descending: true }],
    limit: { usual: 10, most: 1000 },
    rows({ window }) {
      const now = market.now().getTime();
      const last = Math.min(window.to, Math.floor(now / MS_PER_DAY));
      const found: Article[] = [];
      for (let day = Math.max(window.from, FIRST_ARTICLE); day <= last; day++)
        found.push(...articles.on(day, now));
      return found;
    },
    json: (article) => JSON.stringify(articleFields(article)),
  };
}

function articleFields({ hash, published, edited, tickers }: Article): object {
  const id = hexId(hash, Math.floor(published / 1000));
  const publisher = PUBLISHERS[hash % PUBLISHERS.length] ?? '';
  const site = `https://${publisher.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.example`;
  const title = `${companyWords(mix32(hash))} ${VERBS[(hash >>> 5) % VERBS.length] ?? ''}`;
  // What is known of an article of some other kind comes with an edit.
  const analysed = published >= FIRST_INSIGHTS && (edited || hash % 15 !== 3);
  return {
    id,
    publisher: {
      ...{ name: publisher, homepage_url: site, logo_url: `${site}/logo.png` },
      ...(hash % 3 !== 0 && { favicon_url: `${site}/favicon.ico` }),
    },
    title: edited ? `${title} (updated)` : title,
    author: hash % 9 === 0 ? 'Zoë Ångström' : 'A. Writer',
    published_utc: new Date(published).toISOString().replace('.000Z', 'Z'),
    article_url: `${site}/${id.slice(0, 12)}`,
    tickers,
    ...(hash % 4 !== 0 && { description: `“${title}”, it says: more below.\nSecond line; 5 < 6 & 7.` }),
    ...(hash % 2 === 0 && { keywords: ['earnings', 'M&A, deals', `no. ${hash % 50}`] }),
    ...(hash % 5 !== 0 && { image_url: `${site}/${hash}.jpg` }),
    ...(hash % 7 === 0 && { amp_url: `${site}/amp/${id.slice(0, 12)}` }),
    ...(analysed &&
      tickers.length > 0 && { insights: tickers.map((ticker, place) => insightOf(ticker, hash + place)) }),
  };
}

function insightOf(ticker: string, hash: number): object {
  const sentiment = SENTIMENTS[hash % SENTIMENTS.length];
  return { ticker, sentiment, sentiment_reasoning: `What is said of ${ticker} is ${sentiment}.` };
}
