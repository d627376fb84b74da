import { describe, expect, it } from '@jest/globals';
import { redirectTarget, refuseOpenToken } from './redirects.js';

const from = new URL('https://hub.example/owner/model/resolve/main/file');

describe('redirectTarget', () => {
  it('follows addresses of the same and of other origins', () => {
    expect(redirectTarget(from, '/api/file', 'it').href).toBe('https://hub.example/api/file');
    expect(redirectTarget(from, 'https://network.example/x', 'it').href).toBe('https://network.example/x');
  });

  it.each(['http://network.example/x', 'file:///etc/passwd', 'https://', 'data:,x'])('refuses %s', (location) => {
    expect(() => redirectTarget(from, location, 'it')).toThrow(/not followed/);
  });
});

describe('refuseOpenToken', () => {
  it('lets a token go by https, and to this machine', () => {
    for (const hub of ['https://hub.example', 'http://127.0.0.1:80', 'http://[::1]:8']) refuseOpenToken(hub, 'secret');
    refuseOpenToken('http://mirror.example', null);
  });

  it('refuses to send it in the open', () => {
    expect(() => refuseOpenToken('http://mirror.example', 'secret')).toThrow(/not https/);
  });
});
