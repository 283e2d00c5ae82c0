/**
 * What the thread of a sandbox and the thread that started it say to each other. Requests are answered in
 * their order.
 */
import type { FaultPlan } from '#sandbox/faults/faults.js';
import type { RestLog, RestOptions } from '#sandbox/rest/rest-options.js';
import type { Credentials, Replacement, RequestLog, SandboxOptions } from './options.js';

/** What can be copied to another thread. */
export type WorkerOptions = Omit<SandboxOptions, 'clock' | 'inWorker'>;

export type WorkerOrder =
  | { readonly order: 'requests' }
  | {
      readonly order: 'replace';
      readonly key: string;
      readonly replacement: Replacement;
      readonly lastModified?: Date;
    }
  | { readonly order: 'remove'; readonly key: string }
  | { readonly order: 'faults'; readonly plan: FaultPlan | undefined }
  | { readonly order: 'rest-requests' }
  | { readonly order: 'rest'; readonly options: RestOptions }
  | { readonly order: 'rest-now'; readonly now: Date }
  | { readonly order: 'close' };

export type WorkerReport =
  | {
      readonly report: 'ready';
      readonly endpoint: string;
      readonly bucket: string;
      readonly credentials: Credentials;
      readonly restEndpoint: string;
    }
  | { readonly report: 'done'; readonly requests?: RequestLog; readonly restRequests?: RestLog }
  | { readonly report: 'failed'; readonly error: CopiedError };

/** An error's own `code` (EADDRINUSE) would not survive the copy to another thread. */
export interface CopiedError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
}

export function copyError(error: unknown): CopiedError {
  const { name, message, code }: NodeJS.ErrnoException =
    error instanceof Error ? error : new Error(String(error));
  return { name, message, code };
}

export function thrownAgain({ name, message, code }: CopiedError): Error {
  return Object.assign(new Error(message), { name, ...(code !== undefined && { code }) });
}
