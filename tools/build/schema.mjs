// Writes schema.graphql from the compiled classes; a test holds the two against each other.
import { writeFileSync } from 'node:fs';
import { schemaText } from '#dist/src/api/graphql/server/print-schema.js';

writeFileSync('schema.graphql', await schemaText());
