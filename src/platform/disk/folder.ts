/** Making folders. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { FOLDER_MODE } from './modes.js';

/**
 * Makes the folder and those above it, where they are missing. Not with Node's own `recursive`, which never
 * ends where a file system answers ENOENT to a mkdir (/proc). Returns those that were made, the highest
 * first; durable.ts makes them durable. Throws the disk's error.
 */
export function makeMissingFolders(folder: string): readonly string[] {
  const missing: string[] = [];
  let at = path.resolve(folder);
  for (; !isFolder(at) && path.dirname(at) !== at; at = path.dirname(at)) missing.push(at);
  for (const one of missing.reverse()) make(one);
  return missing;
}

/** A file in its place is for mkdir to report. */
function isFolder(name: string): boolean {
  return statSync(name, { throwIfNoEntry: false })?.isDirectory() === true;
}

function make(folder: string): void {
  try {
    mkdirSync(folder, FOLDER_MODE);
  } catch (error) {
    // Another thread was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !isFolder(folder)) throw error;
  }
}
