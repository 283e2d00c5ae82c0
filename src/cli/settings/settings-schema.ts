/**
 * The JSON schema of barloom.json and config.json, made of the one table of settings: editors complete and
 * check the files by it.
 */
import { SETTINGS, type SettingKind } from './settings.js';

const TYPES: Readonly<Record<SettingKind, object>> = {
  text: { type: 'string', minLength: 1 },
  zone: { type: 'string', pattern: '^[A-Za-z]' },
  count: { type: 'integer', minimum: 1 },
  rate: {
    type: ['number', 'string'],
    exclusiveMinimum: 0,
    pattern: '^\\d+(\\.\\d+)?(/(s|sec|m|min|h|hour))?$',
  },
  bytes: { type: ['number', 'string'], minimum: 100_000, pattern: '^\\d+(\\.\\d+)?[kKmMgG]?$' },
  switch: { type: 'boolean' },
  texts: { type: 'array', items: { type: 'string' } },
};

/** JSON Schema, draft 7: what editors read best. */
export function settingsSchema(): object {
  const properties: Record<string, object> = {};
  const groups = new Map<string, Record<string, object>>();
  for (const [name, entry] of Object.entries(SETTINGS)) {
    const choice = 'oneOf' in entry ? { enum: entry.oneOf } : {};
    const description = `${entry.text} Default: ${entry.otherwise}.`;
    const property = { description, ...TYPES[entry.kind], ...choice };
    const [first = '', second] = name.split('.');
    if (second === undefined) properties[name] = property;
    else groups.set(first, { ...groups.get(first), [second]: property });
  }
  for (const [name, group] of groups)
    properties[name] = { type: 'object', properties: group, additionalProperties: false };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'barloom.json',
    description:
      'Settings of barloom: barloom.json in a data folder, and $XDG_CONFIG_HOME/barloom/config.json.',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...properties },
    additionalProperties: false,
  };
}
