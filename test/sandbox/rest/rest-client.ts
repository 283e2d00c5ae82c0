/** A small sandbox whose REST API is asked with the real fetch. */
import { onTestFinished } from 'vitest';
import { type RunningSandbox, SANDBOX_REST_KEY, type SandboxOptions } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';

/** A Friday noon in New York. */
export const NOW = new Date('2026-11-20T17:00:00Z');

export type Fields = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the body is no JSON object. */
  readonly body: {
    readonly status?: string;
    readonly request_id?: unknown;
    readonly error?: string;
    readonly message?: string;
    readonly count?: number;
    readonly results?: readonly Fields[];
    readonly next_url?: string;
  };
}

export async function running(options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  const sandbox = await startSandbox({ now: NOW, tickers: 300, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** `where`: a path with a query, or a whole URL. */
export async function ask(
  sandbox: RunningSandbox,
  where: string,
  headers: Readonly<Record<string, string>> = { Authorization: `Bearer ${SANDBOX_REST_KEY}` },
): Promise<Answer> {
  const url = where.startsWith('http') ? where : sandbox.restEndpoint + where;
  const response = await fetch(url, { headers });
  const text = await response.text();
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: response.status, headers: response.headers, text, body: parsed as Answer['body'] };
}

/** Every page of a list. */
export async function pages(sandbox: RunningSandbox, where: string): Promise<readonly Answer[]> {
  const found: Answer[] = [];
  for (let next: string | undefined = where; next !== undefined; next = found.at(-1)?.body.next_url)
    found.push(await ask(sandbox, next));
  return found;
}

/** The rows of every page. */
export async function rowsOf(sandbox: RunningSandbox, where: string): Promise<readonly Fields[]> {
  return (await pages(sandbox, where)).flatMap(({ body }) => body.results ?? []);
}
