import { z } from 'zod';

/** A setting of which only some values are built here: with another one, a model is another network. */
export const only = <Value extends string | number | boolean | null>(...values: [Value, ...Value[]]) =>
  z.literal(values, {
    error: ({ input }) => `${JSON.stringify(input)} is not supported; expected ${values.map(String).join(' or ')}`,
  });
