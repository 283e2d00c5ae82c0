/** What the work in threads throws besides the system's errors. */
import { SourceError } from '#platform/http/source-error.js';
import { ArchiveDamage } from '#store/archive/bgzf.js';

export const THROWN = { SourceError, ArchiveDamage };
