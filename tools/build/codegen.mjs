// Types of the page's operations, from schema.graphql and the .graphql files under web/src.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { codegen } from '@graphql-codegen/core';
import * as operationsPlugin from '@graphql-codegen/typescript-operations';
import { buildSchema, parse, print } from 'graphql';

const schema = parse(readFileSync('schema.graphql', 'utf8'));
const files = readdirSync('web/src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.graphql'))
  .sort();
const document = parse(files.map((name) => readFileSync(path.join('web/src', name), 'utf8')).join('\n'));
buildSchema(print(schema));

const config = { scalars: { DateTime: 'string' }, enumsAsTypes: true, immutableTypes: true, skipTypename: true };
const types = await codegen({
  filename: 'operations.ts',
  schema,
  documents: [{ location: 'operations.graphql', document }],
  config,
  plugins: [{ operations: {} }],
  pluginMap: { operations: operationsPlugin },
});
const fragments = document.definitions.filter(({ kind }) => kind === 'FragmentDefinition').map(print);
const texts = document.definitions
  .filter((definition) => definition.kind === 'OperationDefinition')
  .map((operation) => {
    const text = print(operation);
    const used = fragmentsUsed(text);
    const name = operation.name?.value ?? '';
    return `export const ${name}Text = ${JSON.stringify([text, ...used].join('\n'))};`;
  });

/** The fragments that a text names, and those that these name. */
function fragmentsUsed(text) {
  const used = new Set();
  addNamed(text);
  return [...used];

  function addNamed(part) {
    for (const fragment of fragments) {
      const name = /fragment (\w+)/.exec(fragment)?.[1];
      if (used.has(fragment) || !new RegExp(`\\.\\.\\.${name}\\b`).test(part)) continue;
      used.add(fragment);
      addNamed(fragment);
    }
  }
}

mkdirSync('web/src/generated', { recursive: true });
writeFileSync('web/src/generated/operations.ts', `${types}\n${texts.join('\n')}\n`);
