/** The version that this is. */
import { readFileSync } from 'node:fs';
import { packageFile } from '#platform/package-file.js';

/** As package.json has it. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(packageFile('#package/package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : '';
}
