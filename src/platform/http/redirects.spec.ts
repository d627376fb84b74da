import { describe, expect, it } from '@jest/globals';
import { redirectTarget } from './redirects.js';

const from = new URL('https://hub.example/owner/model/resolve/main/file');

describe('redirectTarget', () => {
  it('follows addresses of the same and of other origins', () => {
    expect(redirectTarget(from, '/api/file')?.href).toBe('https://hub.example/api/file');
    expect(redirectTarget(from, 'https://network.example/x')?.href).toBe('https://network.example/x');
  });

  it.each(['http://network.example/x', 'file:///etc/passwd', 'https://', 'data:,x'])('refuses %s', (location) => {
    expect(redirectTarget(from, location)).toBe(null);
  });
});
