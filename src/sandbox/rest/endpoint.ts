/** What stands behind a path: a list that is paged through, or one document. */
import type { List } from './table.js';

/** Of a document: `results` in the envelope, the whole body by itself, or that there is none. */
export type Document =
  | {
      readonly results: string;
      readonly count?: number;
      /** More fields of the envelope, as JSON. */
      readonly beside?: Readonly<Record<string, string>>;
    }
  | { readonly bare: string }
  | { readonly notFound: string };

export type Endpoint =
  | { readonly list: List }
  /** `argument`: what stands in the place of the path's braces. Throws QueryError. */
  | { readonly document: (argument: string, parameters: URLSearchParams) => Document };
