/** A plan out of its text, and a task of one, checked: they came from a bucket, or a queue, that others write to. */
import * as v from 'valibot';
import { isIsoDay } from '#market/calendar/iso-day.js';
import { BucketError } from '#store/bucket/bucket-error.js';
import { type ClusterPlan, type ClusterTask, PLAN_FORMAT } from './task.js';

const bytes = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const task = v.object({
  id: v.string(),
  dataset: v.string(),
  days: v.pipe(
    v.array(
      v.object({
        day: v.pipe(v.string(), v.check(isIsoDay)),
        object: v.object({
          key: v.string(),
          size: bytes,
          etag: v.exactOptional(v.string()),
          last_modified: v.exactOptional(v.string()),
        }),
      }),
    ),
    v.minLength(1),
  ),
  bytes,
  huge: v.boolean(),
});

const plan = v.object({
  format: v.literal(PLAN_FORMAT),
  source: v.object({ endpoint: v.string(), bucket: v.string() }),
  tasks: v.array(task),
});

/** As a queue hands it over; undefined for what is no task. */
export function readTask(value: unknown): ClusterTask | undefined {
  const found = v.safeParse(task, value);
  return found.success ? found.output : undefined;
}

/** `name`: of the object, for the message. Throws BucketError. */
export function parsePlan(text: string | undefined, name: string): ClusterPlan {
  if (text === undefined) throw new BucketError(`${name} is not there: barloom cluster plan writes plans`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new BucketError(`${name} is no plan: it is no JSON`);
  }
  const { format } = Object(value) as { readonly format?: unknown };
  if (typeof format === 'number' && format > PLAN_FORMAT)
    throw new BucketError(
      `${name}: its format is ${format} and this barloom knows ${PLAN_FORMAT}: use a newer barloom`,
    );
  const found = v.safeParse(plan, value);
  if (!found.success) throw new BucketError(`${name} is no plan`);
  return found.output;
}
