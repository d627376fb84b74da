import { describe, expect, it } from '@jest/globals';
import { loadConfig } from './config.js';

const nowhere = '/nonexistent';

describe('loadConfig', () => {
  it('runs everything embedded and on loopback by default', () => {
    const config = loadConfig({}, {}, nowhere);
    expect(config).toMatchObject({ data: '/nonexistent/data', host: '127.0.0.1', port: 3000, model: null });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('lists every wrong and unknown key in one message', () => {
    const env = { FIGSEEK_PORT: 'many', FIGSEEK_PORTT: '3', FIGSEEK_PROVIDERS: 'abacus' };
    expect(() => loadConfig({}, env, nowhere)).toThrow(
      /FIGSEEK_PORT\)[\s\S]*FIGSEEK_PROVIDERS\)[\s\S]*FIGSEEK_PORTT: unknown/,
    );
  });

  it('lets the command line win over the environment', () => {
    expect(loadConfig({ port: 4000 }, { FIGSEEK_PORT: '3001' }, nowhere).port).toBe(4000);
  });
});
