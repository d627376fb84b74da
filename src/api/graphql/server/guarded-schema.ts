import { defaultFieldResolver, isObjectType, type GraphQLSchema } from 'graphql';
import { extraCost } from './field-costs.js';
import type { GraphContext } from './graph-context.js';
import { Turns } from './turns.js';

/** What a field costs that searches, and so holds the indexes for others. */
const searching = 500;

/**
 * Lets no resolver begin for a request that nobody waits for any more: graphql-js itself goes on to the last field when
 * the client has left. Makes pauses in long answers, and lets a request search a few times at once only. Fields without a
 * resolver only read what is there.
 */
export function guarded(schema: GraphQLSchema): GraphQLSchema {
  const turns = new Turns();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (resolve === undefined || resolve === defaultFieldResolver) continue;
      const searches = extraCost(type.name, field.name, {}) >= searching;
      field.resolve = (source: unknown, args: unknown, context: GraphContext, info) => {
        const work = (): unknown => {
          context.signal.throwIfAborted();
          return resolve(source, args, context, info);
        };
        if (searches) return context.searches.run(work);
        const pause = turns.take();
        return pause === null ? work() : pause.then(work);
      };
    }
  }
  return schema;
}
