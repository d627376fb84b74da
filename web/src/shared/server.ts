import { text } from '../text';

/** What the server answered in words for a person, or that it did not answer. */
export class AnswerError extends Error {
  constructor(
    message: string,
    /** `extensions.code` of the answer; null where there was none. */
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

/** The code of an `AnswerError` that says: no answer came back. */
const unreachable = 'UNREACHABLE';

export function isUnreachable(error: unknown): boolean {
  return error instanceof AnswerError && error.code === unreachable;
}

/** What an error says to a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Asks, and reads what comes back. @throws {AnswerError} where the server is down, or a proxy answers in its place */
export async function reach<Data>(
  address: string,
  request: RequestInit,
  read: (answer: Response) => Promise<Data>,
): Promise<Data> {
  try {
    return await read(await fetch(address, request));
  } catch (error) {
    if (request.signal?.aborted === true || error instanceof AnswerError) throw error;
    throw new AnswerError(text.server.unreachable, unreachable);
  }
}

function post(address: string, request: RequestInit): Promise<unknown> {
  return reach(address, { ...request, method: 'POST' }, (answer) => answer.json() as Promise<unknown>);
}

/**
 * Asks the GraphQL interface.
 * @throws {AnswerError} with the first error of the answer, or where there is no answer
 */
export async function ask<Data>(query: string, variables: object, signal?: AbortSignal): Promise<Data> {
  const answer = (await post('/graphql', {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    signal: signal ?? null,
  })) as { data?: Data | null; errors?: { message: string; extensions?: { code?: string } }[] };
  const [error] = answer.errors ?? [];
  if (error !== undefined) throw new AnswerError(error.message, error.extensions?.code ?? null);
  if (answer.data === undefined || answer.data === null) throw new AnswerError(text.server.noAnswer);
  return answer.data;
}

/** Sends an image to search by. @returns the id of the upload */
export async function upload(image: Blob): Promise<string> {
  const answer = (await post('/uploads', {
    headers: { 'Content-Type': 'application/octet-stream' },
    body: image,
  })) as { id?: string; error?: { message: string } };
  if (answer.id === undefined) throw new AnswerError(answer.error?.message ?? text.server.notSent);
  return answer.id;
}
