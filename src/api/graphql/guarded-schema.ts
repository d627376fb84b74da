import { defaultFieldResolver, isObjectType, type GraphQLSchema } from 'graphql';
import type { GraphContext } from './graph-context.js';

/**
 * Lets no resolver begin for a request that nobody waits for any more: graphql-js itself goes on to the last field when
 * the client has left. Fields without a resolver only read what is there.
 */
export function guarded(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (resolve === undefined || resolve === defaultFieldResolver) continue;
      field.resolve = (source: unknown, args: unknown, context: GraphContext, info) => {
        context.signal.throwIfAborted();
        return resolve(source, args, context, info) as unknown;
      };
    }
  }
  return schema;
}
