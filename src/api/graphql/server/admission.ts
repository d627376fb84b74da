import type { ApolloServerPlugin } from '@apollo/server';
import type { Request } from 'express';
import { GraphQLError, OperationTypeNode, type DocumentNode } from 'graphql';
import type { Config } from '../../../app/config.js';
import { FigseekError } from '../../../domain/errors.js';
import { parseWithinLimits } from './document-limits.js';
import { checkCost } from './query-cost.js';
import { checkVariables } from './variable-limits.js';

/** What a request is refused for before anything is validated, computed or read. */

/** Validation stops at the first few faults: each further one costs as much, and helps nobody. */
export const validationOptions = { maxErrors: 5 };

/**
 * Refuses a request over HTTP, by POST or GET, whose validation itself would be too much work.
 * @throws {GraphQLError} as `admitted`
 */
export function admitRequest(request: Request, config: Config): void {
  const body: unknown = request.body;
  // Lists are batches, which Apollo refuses.
  if (request.method === 'POST' && typeof body === 'object' && body !== null && !Array.isArray(body)) {
    const { query, variables } = body as { readonly query?: unknown; readonly variables?: unknown };
    admitted(query, variables, config);
  }
  if (request.method !== 'GET') return;
  for (const query of new URLSearchParams(queryStringOf(request.originalUrl)).getAll('query')) {
    admitted(query, null, config);
  }
}

/** All behind the first question mark, as Apollo reads it. */
function queryStringOf(address: string): string {
  const start = address.indexOf('?');
  return start === -1 ? '' : address.slice(start + 1);
}

/**
 * @returns null for what is no text, which Apollo refuses, or stands for a document that was admitted before
 * @throws {GraphQLError} QUERY_TOO_COMPLEX; where it is not GraphQL
 */
export function admitted(query: unknown, variables: unknown, config: Config): DocumentNode | null {
  try {
    checkVariables(variables);
    return typeof query === 'string' ? parseWithinLimits(query, config.maxQueryTokens) : null;
  } catch (error) {
    throw findRefusal(error);
  }
}

/** Refuses a valid operation for what it would cost, or for its kind. */
export function costPlugin(config: Config): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ schema, document, operation, request: { variables } }) => {
          try {
            if (operation === undefined) return Promise.resolve();
            if (operation.operation === OperationTypeNode.SUBSCRIPTION) throw overHttp();
            checkCost({ schema, document, operation, variables }, config);
            return Promise.resolve();
          } catch (error) {
            return Promise.reject(findRefusal(error));
          }
        },
      }),
  };
}

function overHttp(): FigseekError {
  return new FigseekError(
    'BAD_USER_INPUT',
    'Expected a query or a mutation but received a subscription: subscribe by WebSocket at the same address, by the protocol graphql-transport-ws (npm package graphql-ws)',
  );
}

/** As GraphQL answers it: with its code, and 400 as the status over HTTP. */
export function findRefusal(error: unknown): Error {
  const http = { status: 400 };
  if (error instanceof FigseekError) {
    return new GraphQLError(error.message, { extensions: { code: error.code, http } });
  }
  if (!(error instanceof GraphQLError)) return error instanceof Error ? error : new Error(String(error));
  if (error.extensions['code'] !== undefined) return error;
  const { message, nodes = null, source = null, positions = null } = error;
  return new GraphQLError(message, { nodes, source, positions, extensions: { code: 'BAD_USER_INPUT', http } });
}
