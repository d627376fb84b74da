import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { FigseekError, messageOf, type ErrorCode } from '../../domain/errors.js';

const statusOf: Readonly<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  NOT_FOUND: 404,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA: 415,
  QUERY_TOO_COMPLEX: 400,
  RATE_LIMITED: 429,
  MODEL_UNAVAILABLE: 503,
  INDEX_UNAVAILABLE: 503,
  DATABASE_UNAVAILABLE: 503,
  SOURCE_UNAVAILABLE: 502,
  INSUFFICIENT_STORAGE: 507,
  TIMEOUT: 504,
  INTERNAL_SERVER_ERROR: 500,
};

/** What the parsers of bodies refuse does not say which limit it was. */
const tooLargeBody =
  'Expected a smaller body: FIGSEEK_MAX_BODY_BYTES gives the most of a request, FIGSEEK_MAX_UPLOAD_BYTES of an upload';

/** HTTP beside GraphQL answers `{"error": {"code", "message"}}` with a fitting status. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger('HTTP');

  catch(thrown: unknown, host: ArgumentsHost): void {
    // GraphQL formats its own errors.
    if (host.getType<string>() === 'graphql') throw thrown;
    const http = host.switchToHttp();
    const { complete, destroyed } = http.getRequest<Request>();
    // The client left in the middle of its request: there is nobody to tell, and nothing that went wrong here.
    if (destroyed && !complete) return;
    const { status, code, message } = this.describe(thrown);
    const response = http.getResponse<Response>();
    if (response.headersSent) {
      response.end();
      return;
    }
    // What was set for the answer that failed: an error is not to be kept by a browser or a proxy.
    for (const name of ['Cache-Control', 'Content-Disposition', 'ETag']) response.removeHeader(name);
    response.status(status).json({ error: { code, message } });
  }

  private describe(thrown: unknown): { status: number; code: ErrorCode; message: string } {
    if (thrown instanceof FigseekError)
      return { status: statusOf[thrown.code], code: thrown.code, message: thrown.message };
    const status = thrown instanceof HttpException ? thrown.getStatus() : statusGiven(thrown);
    if (status === 413) return { status, code: 'PAYLOAD_TOO_LARGE', message: tooLargeBody };
    if (status !== null && status < 500) return { status, code: codeOf(status), message: messageOf(thrown) };
    this.logger.error(thrown);
    return { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Internal server error; the log says more' };
  }
}

/** The status that body parsers attach to their errors. */
function statusGiven(thrown: unknown): number | null {
  if (typeof thrown !== 'object' || thrown === null || !('status' in thrown)) return null;
  return typeof thrown.status === 'number' ? thrown.status : null;
}

function codeOf(status: number): ErrorCode {
  const found = Object.entries(statusOf).find(([, one]) => one === status);
  return (found?.[0] as ErrorCode | undefined) ?? 'BAD_USER_INPUT';
}
