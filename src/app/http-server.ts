import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request } from 'express';
import helmet from 'helmet';
import { limitBody, type BodyLimit } from '../api/http/body-limit.js';
import { limitBodyTime } from '../api/http/body-time.js';
import { checkSource } from '../api/http/request-source.js';
import { admitUploads } from '../api/http/upload-admission.js';
import { AppModule } from './server.module.js';
import { packageRoot, type Config } from './config.js';

/** The built page. */
const pageFolder = path.join(packageRoot, 'dist', 'web');

/**
 * The server, ready to listen. Nothing it serves can be read as another type, framed, or made to load from elsewhere.
 */
export async function createServer(config: Config): Promise<NestExpressApplication> {
  const app = await NestFactory.create<NestExpressApplication>(AppModule.for(config), {
    bodyParser: false,
    abortOnError: false,
    logger: false,
  });
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: contentPolicy }, hsts: false }));
  app.disable('x-powered-by');
  // A digest of each answer is of no use: answers to POST are not kept, and static files have digests of their own.
  app.disable('etag');
  app.use(checkSource(config));
  app.getHttpServer().requestTimeout = 0;
  app.use(limitBodyTime());
  const upload = { bytes: config.maxUploadBytes, setting: 'FIGSEEK_MAX_UPLOAD_BYTES' };
  const other = { bytes: config.maxBodyBytes, setting: 'FIGSEEK_MAX_BODY_BYTES' };
  const file = { bytes: config.maxIngestUploadBytes, setting: 'FIGSEEK_MAX_INGEST_UPLOAD_BYTES' };
  const limits: Readonly<Record<string, BodyLimit>> = { '/uploads': upload, [ingestUploads]: file };
  app.use(limitBody(({ path: address }) => limits[address] ?? other));
  for (const address of Object.keys(limits)) app.use(address, admitUploads());
  app.useBodyParser('json', { limit: config.maxBodyBytes, type: parsed(['application/json']) });
  app.useBodyParser('raw', { limit: config.maxUploadBytes, type: parsed(['image/*', 'application/octet-stream']) });
  app.useStaticAssets(pageFolder, { index: ['index.html'], maxAge: '1h', setHeaders: neverKeepIndex });
  app.enableShutdownHooks();
  return app;
}

/** Files that are to be ingested are written as they come, whatever their type says: no parser reads them into memory. */
const ingestUploads = '/ingest-uploads';

/** @param types as `Content-Type` gives them @returns which bodies a parser reads */
function parsed(types: string[]): (request: IncomingMessage) => boolean {
  // The router takes these as the same address.
  const isIngest = (request: Request): boolean => request.path.replace(/\/$/, '').toLowerCase() === ingestUploads;
  return (request) => !isIngest(request as Request) && typeof (request as Request).is(types) === 'string';
}

const contentPolicy = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'blob:', 'data:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  objectSrc: ["'none'"],
  frameAncestors: ["'none'"],
  baseUri: ["'none'"],
};

function neverKeepIndex(response: { setHeader(name: string, value: string): unknown }, file: string): void {
  if (file.endsWith('.html')) response.setHeader('Cache-Control', 'no-cache');
}
