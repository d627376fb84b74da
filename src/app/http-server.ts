import path from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { limitBody } from '../api/http/body-limit.js';
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
  const upload = { bytes: config.maxUploadBytes, setting: 'FIGSEEK_MAX_UPLOAD_BYTES' };
  const other = { bytes: config.maxBodyBytes, setting: 'FIGSEEK_MAX_BODY_BYTES' };
  app.use(limitBody((request) => (request.path === '/uploads' ? upload : other)));
  app.use('/uploads', admitUploads());
  app.useBodyParser('json', { limit: config.maxBodyBytes });
  app.useBodyParser('raw', { type: ['image/*', 'application/octet-stream'], limit: config.maxUploadBytes });
  app.useStaticAssets(pageFolder, { index: ['index.html'], maxAge: '1h', setHeaders: neverKeepIndex });
  app.enableShutdownHooks();
  return app;
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
