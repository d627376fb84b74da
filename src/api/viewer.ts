import type { IncomingMessage } from 'node:http';
import { localOperator, type Viewer } from '../domain/viewer.js';

/** On whose behalf a request is answered. There are no accounts yet: everybody who reaches the server is its operator. */
export function resolveViewer(_request: IncomingMessage): Viewer {
  return localOperator;
}
