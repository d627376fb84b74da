import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Response } from 'express';
import type { Config } from '../../../app/config.js';
import { CONFIG } from '../../../app/container.js';
import { FigseekError } from '../../../domain/errors.js';
import type { Viewer } from '../../../domain/viewer.js';
import { CorpusSources, MaskSources } from '../search/loader-sources.js';
import { Loaders } from '../search/loaders.js';
import { resolveViewer } from '../../viewer.js';
import { Lane } from './turns.js';

const maxConcurrentSearches = 2;

/** What the resolvers of one request share. */
export interface GraphContext {
  /** On whose behalf the request is answered. */
  readonly viewer: Viewer;
  readonly loaders: Loaders;
  /** Aborted when the client disconnected, or the time of the request is over: no new work is started for it. */
  readonly signal: AbortSignal;
  /** Limits how many searches of a request run at the same time, because other requests search as well. */
  readonly searches: Lane;
  /** Gives the request so much more time: it asks to wait for the segmenter. */
  readonly allowWait: (ms: number) => void;
}

/** The same for a subscription: each of its events is answered as a request is. */
export class SubscriptionContext implements GraphContext {
  loaders: Loaders;
  readonly searches = new Lane(maxConcurrentSearches);

  constructor(
    readonly viewer: Viewer,
    private readonly newLoaders: () => Loaders,
    readonly signal: AbortSignal,
  ) {
    this.loaders = newLoaders();
  }

  /** For the next event: what was loaded for the last one may have changed. */
  renew(): void {
    this.loaders = this.newLoaders();
  }

  /** A subscription lasts as long as its client wants. */
  readonly allowWait = (): void => undefined;
}

/** Makes contexts. */
@Injectable()
export class GraphContexts {
  constructor(
    private readonly corpus: CorpusSources,
    private readonly masks: MaskSources,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  ofRequest(request: IncomingMessage, response: Response): GraphContext {
    const viewer = resolveViewer(request);
    const limit = this.config.requestTimeoutMs;
    const ended = new AbortController();
    const startedAt = performance.now();
    let allowedMs = limit;
    const timeOut = (): void => {
      ended.abort(createTimeoutError(limit));
    };
    let timer = setTimeout(timeOut, limit);
    response.on('close', () => {
      clearTimeout(timer);
      if (!response.writableFinished) ended.abort(clientDisconnected());
    });
    return {
      viewer,
      loaders: this.loaders(viewer, ended.signal),
      signal: ended.signal,
      searches: new Lane(maxConcurrentSearches),
      allowWait: (ms) => {
        if (limit + ms <= allowedMs || ended.signal.aborted) return;
        allowedMs = limit + ms;
        clearTimeout(timer);
        timer = setTimeout(timeOut, startedAt + allowedMs - performance.now());
      },
    };
  }

  /** @param request that opened the socket */
  ofSubscription(request: IncomingMessage, signal: AbortSignal): SubscriptionContext {
    const viewer = resolveViewer(request);
    return new SubscriptionContext(viewer, () => this.loaders(viewer, signal), signal);
  }

  private loaders(viewer: Viewer, signal: AbortSignal): Loaders {
    return new Loaders({ ...this.corpus, ...this.masks }, viewer, signal);
  }
}

function createTimeoutError(ms: number): FigseekError {
  return new FigseekError(
    'TIMEOUT',
    `Expected a request that is answered within ${ms} ms (FIGSEEK_REQUEST_TIMEOUT_MS); ask for less, or in several requests`,
  );
}

export function clientDisconnected(): FigseekError {
  return new FigseekError('TIMEOUT', 'The client went away');
}
