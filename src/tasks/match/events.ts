/** What is told while a run of matching is at work. */

/** Why something is done again. */
export type Change =
  | {
      readonly what:
        | 'first-run'
        | 'full'
        | 'reindex'
        | 'older-state'
        | 'broken-state'
        | 'rules'
        | 'tree'
        | 'aliases';
    }
  | { readonly what: 'lists'; readonly names: readonly string[] }
  | { readonly what: 'sources' | 'prices'; readonly count: number }
  | { readonly what: 'outputs'; readonly names: readonly string[] };

export type MatchEvent =
  | { readonly type: 'changed'; readonly changes: readonly Change[] }
  | { readonly type: 'unchanged' }
  | { readonly type: 'reading'; readonly done: number; readonly all: number };
