/**
 * News: an article a record. Articles come late and are edited under their id; `tickers` holds names that are
 * no tickers, too, and may be empty.
 */
import { columns, required } from './fields.js';
import type { TableType } from './table-type.js';

export const news: TableType = {
  name: 'news',
  title: 'news',
  short: 'News',
  path: '/v2/reference/news',
  fields: [
    required('text', 'id'),
    ...columns('text', 'title author'),
    required('instant', 'published_utc'),
    ...columns('text', 'article_url description image_url amp_url'),
    ...columns('texts', 'tickers keywords'),
    { name: 'publisher_name', kind: 'text', from: 'publisher.name' },
    { name: 'publisher_homepage_url', kind: 'text', from: 'publisher.homepage_url' },
    { name: 'publisher_logo_url', kind: 'text', from: 'publisher.logo_url' },
    { name: 'publisher_favicon_url', kind: 'text', from: 'publisher.favicon_url' },
    ...columns('json', 'insights'),
  ],
  key: ['id'],
  date: { column: 'published_utc' },
  moving: [],
  ticker: 'tickers',
  windows: {
    kind: 'dated',
    column: 'published_utc',
    span: 'month',
    first: '2017-04-01',
    back: 3,
    aYear: 350_000,
    comparedYears: 1,
  },
  pageSize: 1_000,
  sort: { sort: 'published_utc', order: 'asc' },
  byTicker: { parameter: 'ticker', group: 1 },
};
