import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import type { GraphQLError, ValidationContext, ValidationRule } from 'graphql';
import type { Config } from '../../../app/config.js';

// Thrown out of validation, Apollo would take a limit for a fault of the server.
const reported = {
  propagateOnRejection: false,
  onReject: [
    (context: ValidationContext | null, error: GraphQLError): void => {
      context?.reportError(error);
    },
  ],
};

/** How deep an operation may be, and how many names it may give. */
export function limitRules({ maxQueryDepth, maxQueryAliases }: Config): ValidationRule[] {
  return [
    maxDepthRule({ n: maxQueryDepth, flattenFragments: true, ignoreIntrospection: true, ...reported }),
    maxAliasesRule({ n: maxQueryAliases, ...reported }),
  ];
}
