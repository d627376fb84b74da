import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import type { NextFunction, Request, Response } from 'express';
import type { Config } from '../../app/config.js';

type Settings = Pick<Config, 'host' | 'allowedHosts'>;

const changing = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method);

/** Refuses what a page of another site makes a browser send, by its name for this server or by its origin. */
export function checkSource(settings: Settings): (request: Request, response: Response, next: NextFunction) => void {
  return ({ method, headers }, response, next) => {
    const message = refusalOfHost(headers, settings) ?? (changing(method) ? refusalOfOrigin(headers, settings) : null);
    if (message === null) next();
    else
      response
        .status(403)
        .set('Connection', 'close')
        .json({ error: { code: 'BAD_USER_INPUT', message } });
  };
}

/**
 * DNS rebinding: a site lets its own name point here, and its pages are then “of this server” to a browser. Names are
 * known, addresses cannot be rebound.
 * @returns why the request is refused; null where it is not
 */
export function refusalOfHost({ host }: IncomingHttpHeaders, settings: Settings): string | null {
  if (host === undefined || isKnownName(nameOf(`http://${host}`), settings)) return null;
  const given = host.slice(0, 100);
  return `Expected a Host that is localhost, an address, or in FIGSEEK_ALLOWED_HOSTS but received ${given}; where that is how people reach this server, start it with FIGSEEK_ALLOWED_HOSTS=${nameOf(`http://${host}`) ?? 'NAME'}`;
}

/**
 * Programs send no origin, browsers do with all that may change something.
 * @returns why the request is refused; null where it is not
 */
export function refusalOfOrigin(headers: IncomingHttpHeaders, { allowedHosts }: Settings): string | null {
  const { origin, host } = headers;
  if (origin === undefined) {
    const site = headers['sec-fetch-site'];
    const isForeign = site === 'cross-site' || site === 'same-site';
    return isForeign ? `Expected a request of the server's own pages but Sec-Fetch-Site is ${site}` : null;
  }
  if (URL.canParse(origin) && new URL(origin).host === host) return null;
  // Behind a proxy that speaks to the server by another name.
  const name = nameOf(origin);
  if (name !== null && isListed(name, allowedHosts)) return null;
  const given = origin.slice(0, 100);
  return `Expected a request of the server's own pages but its Origin is ${given}; pages of a proxy before this server are allowed by FIGSEEK_ALLOWED_HOSTS=${name ?? 'NAME'}`;
}

function nameOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  return new URL(address).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function isKnownName(name: string | null, { host, allowedHosts }: Settings): boolean {
  if (name === null) return false;
  const isLoopback = name === 'localhost' || name.endsWith('.localhost');
  return isLoopback || isIP(name) !== 0 || name === host.toLowerCase() || isListed(name, allowedHosts);
}

/** `.example.org` in the list stands for all names that end so, and for example.org. */
function isListed(name: string, allowed: readonly string[]): boolean {
  return allowed.some((one) => (one.startsWith('.') ? `.${name}`.endsWith(one) : name === one));
}
