import { unwrapResolverError } from '@apollo/server/errors';
import { Logger } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { FigseekError, type ErrorCode } from '../../../domain/errors.js';

const logger = new Logger('GraphQL');

const maxMessageLength = 2000;

// What is answered before a resolver runs, by Apollo and by our own limits.
const codesOfRefusals: Readonly<Record<string, ErrorCode>> = {
  QUERY_TOO_COMPLEX: 'QUERY_TOO_COMPLEX',
  RATE_LIMITED: 'RATE_LIMITED',
  GRAPHQL_PARSE_FAILED: 'BAD_USER_INPUT',
  GRAPHQL_VALIDATION_FAILED: 'BAD_USER_INPUT',
  BAD_USER_INPUT: 'BAD_USER_INPUT',
  BAD_REQUEST: 'BAD_USER_INPUT',
  OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
  PERSISTED_QUERY_NOT_FOUND: 'BAD_USER_INPUT',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_USER_INPUT',
};

/** Every error leaves with one of the closed codes; the message of a surprise stays in the log. */
export function formatError(formatted: GraphQLFormattedError, thrown: unknown): GraphQLFormattedError {
  const original = unwrapResolverError(thrown);
  const where = {
    ...(formatted.path && { path: formatted.path }),
    ...(formatted.locations && { locations: formatted.locations }),
  };
  if (original instanceof FigseekError && original.code !== 'INTERNAL_SERVER_ERROR') {
    return { ...where, message: original.message, extensions: { code: original.code } };
  }
  const tooComplex = /Query depth limit|Aliases limit/i.test(formatted.message);
  const code = tooComplex
    ? 'QUERY_TOO_COMPLEX'
    : (codesOfRefusals[String(formatted.extensions?.['code'])] ?? codeOfRefusal(original));
  if (code !== undefined) return { ...where, message: shortened(formatted.message), extensions: { code } };
  logger.error(original);
  return {
    ...where,
    message: 'Internal server error; the log says more',
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  };
}

/** GraphQL repeats a wrong value in full, which may be all of the request. */
function shortened(message: string): string {
  return message.length > maxMessageLength ? `${message.slice(0, maxMessageLength)}…` : message;
}

/** GraphQL's own refusal of an operation as a whole, such as a subscription where there is none. */
function codeOfRefusal(error: unknown): ErrorCode | undefined {
  const isRefusal = error instanceof GraphQLError && error.path === undefined && error.originalError === undefined;
  return isRefusal ? 'BAD_USER_INPUT' : undefined;
}
