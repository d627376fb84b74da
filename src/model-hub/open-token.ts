import { FigseekError } from '../domain/errors.js';

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
