import { FigseekError } from '../domain/errors.js';

/**
 * Where an answer sends us.
 * @throws {FigseekError} MODEL_UNAVAILABLE where that is no web address, or leaves encryption behind
 */
export function redirectTarget(from: URL, location: string, what: string): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : null;
  const isWeb = target?.protocol === 'https:' || (target?.protocol === 'http:' && from.protocol === 'http:');
  if (target !== null && isWeb) return target;
  throw new FigseekError('MODEL_UNAVAILABLE', `The hub sends ${what} to an address that is not followed: not https`);
}

/**
 * A token goes by https only, but to this machine itself.
 * @throws {FigseekError} BAD_USER_INPUT
 */
export function refuseOpenToken(hub: string, token: string | null): void {
  const { protocol, hostname } = new URL(hub);
  if (token === null || protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return;
  throw new FigseekError(
    'BAD_USER_INPUT',
    'FIGSEEK_HUB_TOKEN would be readable on the way to FIGSEEK_HUB_URL, which is not https; use https, or unset the token',
  );
}
