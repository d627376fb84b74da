import { describe, expect, it } from '@jest/globals';
import { refuseOpenToken } from './open-token.js';

describe('refuseOpenToken', () => {
  it('lets a token go by https, and to this machine', () => {
    for (const hub of ['https://hub.example', 'http://127.0.0.1:80', 'http://[::1]:8']) refuseOpenToken(hub, 'secret');
    refuseOpenToken('http://mirror.example', null);
  });

  it('refuses to send it in the open', () => {
    expect(() => refuseOpenToken('http://mirror.example', 'secret')).toThrow(/not https/);
  });
});
