/**
 * What stands round the records of an answer: `{status, request_id, results, next_url?}`. `results` may be
 * absent instead of empty, but only where the status says that all is well; `count` is not relied on.
 */
import * as v from 'valibot';
import { SourceError } from '#platform/http/source-error.js';
import { ShapeError } from './shape-error.js';

const ENVELOPE = v.looseObject({
  status: v.string(),
  results: v.nullish(v.union([v.array(v.unknown()), v.looseObject({})])),
  next_url: v.nullish(v.string()),
  error: v.optional(v.unknown()),
  message: v.optional(v.unknown()),
});

export interface Envelope {
  /** A list, an object, or undefined where nothing matched. */
  readonly results: readonly unknown[] | Readonly<Record<string, unknown>> | undefined;
  readonly nextUrl: string | undefined;
  /** All of it, for what stands beside the results. */
  readonly whole: Readonly<Record<string, unknown>>;
}

/** `type`: for messages. Throws ShapeError, or SourceError for trouble that comes with a status of 200. */
export function openEnvelope(body: unknown, type: string): Envelope {
  const parsed = v.safeParse(ENVELOPE, body);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const field = v.getDotPath(issue) ?? 'the answer';
    throw new ShapeError(
      type,
      `${field} is ${issue.received} where ${issue.expected ?? 'another shape'} is documented`,
    );
  }
  const { status, results, next_url } = parsed.output;
  if (!/^(OK|DELAYED)$/i.test(status)) throw trouble(type, parsed.output);
  return {
    results: results ?? undefined,
    nextUrl: next_url === '' ? undefined : (next_url ?? undefined),
    whole: parsed.output,
  };
}

function trouble(type: string, { status, error, message }: v.InferOutput<typeof ENVELOPE>): SourceError {
  const kind = { NOT_AUTHORIZED: 'denied', NOT_FOUND: 'not-found' } as const;
  const said = [error, message].find((text) => typeof text === 'string');
  return new SourceError(
    status === 'NOT_AUTHORIZED' || status === 'NOT_FOUND' ? kind[status] : 'server',
    `${type}: the answer's status is ${status.slice(0, 40)}${said === undefined ? '' : `, ${String(said).slice(0, 300)}`}`,
  );
}
