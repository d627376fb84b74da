import { FigseekError } from '../../../domain/errors.js';

const maxValues = 20_000;
const maxDepth = 32;

/**
 * Bounds the variables of a request before they are compared with their types, which goes through all of them, and calls
 * itself for every level.
 * @throws {FigseekError} QUERY_TOO_COMPLEX
 */
export function checkVariables(variables: unknown): void {
  let values = 0;
  let level: readonly unknown[] = [variables];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) refuse(`${maxDepth} nested levels`);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      for (const inner of Object.values(value)) {
        values += 1;
        next.push(inner);
      }
      if (values > maxValues) refuse(`${maxValues} values`);
    }
    level = next;
  }
}

function refuse(limit: string): never {
  throw new FigseekError('QUERY_TOO_COMPLEX', `Expected at most ${limit} in the variables but received more`);
}
