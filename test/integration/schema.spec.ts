import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLSchema,
  type GraphQLField,
  type GraphQLInputField,
} from 'graphql';
import { schemaText } from '../../src/api/graphql/server/print-schema.js';
import { packageRoot } from '../../src/app/config.js';
import { describeWithShared, sharedDir } from '../support/shared.js';
import { additions } from './schema-additions.js';

describe('schema.graphql', () => {
  it('is what the code serves; `npm run schema` writes it', async () => {
    expect(await schemaText()).toBe(readFileSync(path.join(packageRoot, 'schema.graphql'), 'utf8'));
  });

  // A member that clients use may not go, nor change its type; add new ones to the list.
  it('holds every member that was served before, and test/integration/served-members.txt lists all', () => {
    const served = [...membersOf(buildSchema(readFileSync(path.join(packageRoot, 'schema.graphql'), 'utf8')))];
    const listed = readFileSync(path.join(packageRoot, 'test/integration/served-members.txt'), 'utf8');
    expect(served.map(([name, type]) => `${name} ${type}`).sort()).toEqual(listed.trimEnd().split('\n'));
  });
});

describeWithShared('the schema against its design', () => {
  it('keeps the promised names and types, and adds only what is listed', () => {
    const promised = membersOf(buildSchema(readFileSync(path.join(sharedDir, 'design/schema.graphql'), 'utf8')));
    const served = membersOf(buildSchema(readFileSync(path.join(packageRoot, 'schema.graphql'), 'utf8')));
    const strange = [...served].filter(
      ([name, type]) => promised.get(name) !== type && !additions.has(name.replace(/\(.*$/, '')),
    );
    expect(Object.fromEntries(strange)).toEqual({});
  });
});

/** `Type.member` → its type, and `Type.member(argument:)` → its type, of every named type of a schema. */
function membersOf(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isEnumType(type)) for (const { name } of type.getValues()) members.set(`${type.name}.${name}`, 'value');
    if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) {
      const fields: Readonly<Record<string, GraphQLField<unknown, unknown> | GraphQLInputField>> = type.getFields();
      for (const [name, field] of Object.entries(fields)) {
        members.set(`${type.name}.${name}`, String(field.type));
        for (const argument of 'args' in field ? field.args : []) {
          members.set(`${type.name}.${name}(${argument.name}:)`, String(argument.type));
        }
      }
    }
  }
  return members;
}
