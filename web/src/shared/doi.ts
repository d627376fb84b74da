/** Where a DOI leads: its slashes stay, and all else that has a meaning in an address is escaped. */
export function doiAddress(doi: string): string {
  return `https://doi.org/${doi.split('/').map(encodeURIComponent).join('/')}`;
}
