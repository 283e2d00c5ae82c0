/** A small sandbox and the real SDK's client for it, both ended with the test. */
import { S3Client } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import type { RunningSandbox, SandboxOptions } from '#sandbox/options.js';
import { startSandbox } from '#sandbox/start.js';

/** A Friday noon in New York: Thursday's file is there, Friday's is not. */
export const NOW = new Date('2026-11-20T17:00:00Z');
export const STOCKS = 'us_stocks_sip/day_aggs_v1';

export function keyOf(day: string): string {
  return `${STOCKS}/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}.csv.gz`;
}

export async function running(options: Partial<SandboxOptions> = {}): Promise<RunningSandbox> {
  const sandbox = await startSandbox({ now: NOW, tickers: 300, clock: () => new Date(), ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

export function clientOf(sandbox: RunningSandbox, credentials = sandbox.credentials): S3Client {
  const client = new S3Client({
    endpoint: sandbox.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  onTestFinished(() => client.destroy());
  return client;
}
