import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const start = fileURLToPath(new URL('../../dist/sandbox/start.js', import.meta.url));
const options = fileURLToPath(new URL('../../dist/sandbox/options.js', import.meta.url));
const source = fileURLToPath(new URL('../../src/sandbox/worker-sandbox.ts', import.meta.url));
const built = existsSync(start) && statSync(start).mtimeMs >= statSync(source).mtimeMs;

test.skipIf(!built)('in a worker: serves, obeys, reports a port in use, and leaves no handle behind', () => {
  const script = `
    import { startSandbox } from ${JSON.stringify(start)};
    import { SANDBOX_REST_KEY } from ${JSON.stringify(options)};
    const options = { now: new Date('2026-11-20T17:00:00Z'), tickers: 200, inWorker: true };
    const sandbox = await startSandbox(options);
    const status = (await fetch(sandbox.endpoint + '/flatfiles')).status;
    await sandbox.setFaults({ faults: [{ kind: 'error500' }] });
    const unknown = await sandbox.replace('nothing', 'corrected').catch((error) => error.name);
    const uncopied = await sandbox.setFaults({ faults: [{ kind: 'flip', keys: () => true }] }).catch((error) => error.name);
    const taken = await startSandbox({ ...options, port: Number(new URL(sandbox.endpoint).port) }).catch((error) => error.code);
    const { records } = await sandbox.requests();
    await sandbox.setFaults(undefined);
    const ask = async () => (await fetch(sandbox.restEndpoint + '/v3/reference/tickers/CAT', { headers: { Authorization: 'Bearer ' + SANDBOX_REST_KEY } })).status;
    const rest = [await ask()];
    await sandbox.setRestNow(new Date('1990-01-02T17:00:00Z'));
    rest.push(await ask());
    await sandbox.setRest({ deniedTypes: ['ticker_details'] });
    rest.push(await ask(), (await sandbox.restRequests()).byType.ticker_details);
    await sandbox.close();
    await sandbox.close();
    console.log(JSON.stringify({ status, unknown, uncopied, taken, requests: records.length, rest }));
  `;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    timeout: 10_000,
  });
  expect(run.stderr).toBe('');
  expect(JSON.parse(run.stdout)).toEqual({
    status: 403,
    unknown: 'RangeError',
    uncopied: 'DataCloneError',
    taken: 'EADDRINUSE',
    requests: 1,
    rest: [200, 404, 403, 3],
  });
  expect(run.status).toBe(0);
});
