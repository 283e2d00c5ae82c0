/**
 * The JSON schema of barloom.json and config.json, made of the one table of settings: editors complete and
 * check the files by it.
 */
import { SETTINGS, type SettingKind } from './settings.js';

const TYPES: Readonly<Record<SettingKind, object>> = {
  text: { type: 'string', minLength: 1 },
  count: { type: 'integer', minimum: 1 },
  number: { type: 'number', exclusiveMinimum: 0 },
  switch: { type: 'boolean' },
  texts: { type: 'array', items: { type: 'string' } },
};

/** JSON Schema, draft 7: what editors read best. */
export function settingsSchema(): object {
  const properties = Object.entries(SETTINGS).map(([name, entry]) => {
    const choice = 'oneOf' in entry ? { enum: entry.oneOf } : {};
    const description = `${entry.text} Default: ${entry.otherwise}.`;
    return [name, { description, ...TYPES[entry.kind], ...choice }];
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'barloom.json',
    description:
      'Settings of barloom: barloom.json in a data folder, and $XDG_CONFIG_HOME/barloom/config.json.',
    type: 'object',
    properties: { $schema: { type: 'string' }, ...Object.fromEntries(properties) },
    additionalProperties: false,
  };
}
