/** An answer that sends us on more often than this sends us in a circle. */
export const maxRedirects = 5;

/**
 * Where an answer sends us.
 * @returns null where that is no web address, or leaves encryption behind: it is not followed
 */
export function redirectTarget(from: URL, location: string): URL | null {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : null;
  const isWeb = target?.protocol === 'https:' || (target?.protocol === 'http:' && from.protocol === 'http:');
  return isWeb ? target : null;
}
