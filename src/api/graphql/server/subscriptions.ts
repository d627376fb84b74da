import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  GraphQLError,
  OperationTypeNode,
  getOperationAST,
  specifiedRules,
  validate,
  type ASTVisitor,
  type GraphQLFormattedError,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { handleProtocols, type SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Config } from '../../../app/config.js';
import { CONFIG } from '../../../app/container.js';
import { refusalOfHost, refusalOfOrigin } from '../../http/request-source.js';
import { admitted, findRefusal, validationOptions } from './admission.js';
import { formatError } from './error-format.js';
import { GraphContexts, clientDisconnected } from './graph-context.js';
import { limitRules } from './validation-rules.js';
import { withoutUpgrade } from './plain-connection.js';
import { checkCost } from './query-cost.js';

/** A message is a subscription and its variables. */
const maxMessageBytes = 64 * 1024;
const maxSockets = 500;
const maxSubscriptionsPerSocket = 50;
const maxMessagesPerSecond = 100;
/** The wait for the client's answer to the end of its socket: a client that is suspended gives none. */
const maxCloseMs = 2000;

/**
 * Subscriptions at /graphql, by the protocol graphql-transport-ws. A server of our own in place of Nest's, which takes
 * messages of 100 MB, from pages of any site, and queries past the limits that POST /graphql sets.
 */
@Injectable()
export class Subscriptions implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols,
    // Thousands of messages that come together would delay all other work.
    allowSynchronousEvents: false,
  });
  /** What ends each subscription of a socket. */
  private readonly running = new WeakMap<WebSocket, Map<string, AbortController>>();
  /** How many subscriptions a socket has started in this second. */
  private readonly startedInSecond = new WeakMap<WebSocket, { readonly second: number; readonly count: number }>();
  private served: { dispose(): void | Promise<void> } | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly http: HttpAdapterHost,
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly contexts: GraphContexts,
  ) {}

  onApplicationBootstrap(): void {
    this.served = this.serveProtocol();
    const server = this.http.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Node has no listener of its own here: a client that resets the connection would end the server.
      socket.on('error', () => socket.destroy());
      if (request.headers.upgrade?.toLowerCase() === 'websocket') this.openSocket(request, socket, head);
      else server.emit('connection', withoutUpgrade(request, socket, head));
    });
  }

  private serveProtocol() {
    const rules = [...specifiedRules, ...limitRules(this.config), onlySubscriptions];
    return useServer(
      {
        schema: this.schemaHost.schema,
        context: ({ extra }, id) =>
          this.contexts.ofSubscription(extra.request, this.trackSubscription(extra.socket, id)),
        onComplete: ({ extra }, id) => {
          this.running.get(extra.socket)?.get(id)?.abort(clientDisconnected());
          this.running.get(extra.socket)?.delete(id);
        },
        onClose: ({ extra }) => {
          for (const one of this.running.get(extra.socket)?.values() ?? []) one.abort(clientDisconnected());
          this.running.delete(extra.socket);
        },
        onSubscribe: ({ subscriptions, extra }, _id, payload) =>
          Object.keys(subscriptions).length > maxSubscriptionsPerSocket || this.isTooFast(extra.socket)
            ? [createRateError()]
            : this.validate(payload, rules),
        // The fifth parameter is the result; undefined leaves it as it is.
        onNext: (...[, , , , { errors, data = null }]) =>
          errors === undefined ? undefined : { data, errors: errors.map(toFormatted) },
        onError: (_context, _id, _payload, errors) => errors.map(toFormatted),
      },
      this.sockets,
    );
  }

  private openSocket(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.refuseUpgrade(request);
    if (refusal !== null) {
      // Otherwise the half that the client keeps open would stay, and delay the end of the server.
      socket.once('finish', () => socket.destroy());
      socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (opened) => this.sockets.emit('connection', opened, request));
  }

  /** The HTTP server waits for open sockets. */
  async beforeApplicationShutdown(): Promise<void> {
    const { clients } = this.sockets;
    const last = setTimeout(() => {
      for (const client of clients) client.terminate();
    }, maxCloseMs);
    await this.served?.dispose();
    clearTimeout(last);
  }

  /** Errors are returned: one that is thrown would close the socket, with all its other subscriptions. */
  private validate(
    { query, variables, operationName }: SubscribePayload,
    rules: readonly ValidationRule[],
  ): readonly GraphQLError[] | undefined {
    const { schema } = this.schemaHost;
    try {
      const document = admitted(query, variables, this.config);
      if (document === null) return undefined;
      const faults = validate(schema, document, rules, validationOptions);
      if (faults.length > 0) return faults;
      const operation = getOperationAST(document, operationName);
      if (operation) checkCost({ schema, document, operation, variables }, this.config);
      return undefined;
    } catch (error) {
      const refusal = findRefusal(error);
      if (refusal instanceof GraphQLError) return [refusal];
      throw refusal;
    }
  }

  private isTooFast(socket: WebSocket): boolean {
    const second = Math.floor(performance.now() / 1000);
    const before = this.startedInSecond.get(socket);
    const count = before?.second === second ? before.count + 1 : 1;
    this.startedInSecond.set(socket, { second, count });
    return count > maxMessagesPerSecond;
  }

  /** @returns a signal that is aborted when the subscription ends */
  private trackSubscription(socket: WebSocket, id: string): AbortSignal {
    const all = this.running.get(socket) ?? new Map<string, AbortController>();
    this.running.set(socket, all);
    const given = new AbortController();
    all.set(id, given);
    return given.signal;
  }

  /** @returns the HTTP status with which the upgrade is refused; null where it is allowed */
  private refuseUpgrade({ url, headers }: IncomingMessage): string | null {
    if (url?.split('?', 1)[0] !== '/graphql') return '404 Not Found';
    // Browsers let a page of any site open a socket to any other.
    if ((refusalOfHost(headers, this.config) ?? refusalOfOrigin(headers, this.config)) !== null) return '403 Forbidden';
    return this.sockets.clients.size >= maxSockets ? '503 Service Unavailable' : null;
  }
}

function onlySubscriptions(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition: (node) => {
      if (node.operation === OperationTypeNode.SUBSCRIPTION) return;
      const message = `Expected a subscription but received a ${node.operation}, which goes to POST /graphql`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
}

function createRateError(): GraphQLError {
  const message = `Expected at most ${maxSubscriptionsPerSocket} subscriptions of one socket, and ${maxMessagesPerSecond} begun in a second`;
  return new GraphQLError(message, { extensions: { code: 'RATE_LIMITED' } });
}

function toFormatted(error: GraphQLError | GraphQLFormattedError): GraphQLFormattedError {
  return error instanceof GraphQLError ? formatError(error.toJSON(), error) : error;
}
