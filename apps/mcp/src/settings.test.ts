import { SettingError } from '@xem/runtime';
import { expect, test } from 'vitest';
import { mcpSettings } from './settings.ts';

test('mcpSettings reads key and address under the product’s names first', () => {
  const env = {
    XEROTIER_API_KEY: 'xk_a',
    XEM_API_KEY: 'xk_b',
    XEROTIER_BASE_URL: '',
    XEM_BASE_URL: 'http://router:1',
  };
  expect(mcpSettings([], env)).toMatchObject({ api_key: 'xk_a', base_url: 'http://router:1', http: false });
});

test('mcpSettings prefers flags, and speaks HTTP when told to', () => {
  const settings = mcpSettings(['--http', '--mcp-port', '0'], { XEM_MCP_PORT: '1' });
  expect(settings).toMatchObject({ http: true, mcp_port: 0, mcp_catalog: 'full' });
});

test.each([
  [['--mcp-port', 'x'], SettingError],
  [['--surprise'], TypeError],
] as const)('mcpSettings refuses %j', (argv, error) => {
  expect(() => mcpSettings(argv, {})).toThrow(error);
});
