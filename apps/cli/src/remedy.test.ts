import { ERROR_CATALOG, ERROR_CODES } from '@xem/errors';
import { refuse, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { ENTRIES } from './command/table.ts';
import { remedyOf } from './remedy.ts';
import { resolve } from './resolve.ts';
import { xeroctl } from './testing/terminal.ts';

const shown = (code: (typeof ERROR_CODES)[number]): string => remedyOf(code) ?? ERROR_CATALOG[code].fix;

/** Words that speak of a request, which nobody wrote. */
const HTTP =
  /header|\bbody\b|`param`|Bearer|`(?:GET|POST|PUT) |\/docs|\/readyz|Retry-After|_id`|timeout_ms|\?\w+=/;

test.each(ERROR_CODES)('the remedy for %s speaks of the command line', (code) => {
  expect(shown(code)).not.toMatch(HTTP);
});

const commands = ERROR_CODES.flatMap((code) =>
  [...shown(code).matchAll(/`xeroctl ([^`]+)`/g)].map(([, words = '']) => ({ code, words })),
);

test.each(commands)('the remedy for $code names a command there is: $words', ({ words }) => {
  const { rest, verb } = resolve(ENTRIES, words.split(' '));
  expect(verb ?? ENTRIES.entries[words]).toBeTruthy();
  expect(rest.filter((word) => !word.startsWith('--')).length).toBeLessThanOrEqual(1);
});

test('a refusal names the flag that was written, once', async () => {
  const message = '/expires_in_seconds: Too big: expected number to be <=86400';
  await using server = await startServer({
    'POST /v1/management/join-keys': (_, response) =>
      refuse(
        response,
        { code: 'rate_limit_exceeded', message, param: '/expires_in_seconds' },
        { status: 429 },
      ),
  });
  const { stderr } = await xeroctl(['agents', 'join-keys', 'create', '--expires-in', '90d'], server);
  expect(stderr.split('\n')[0]).toBe(
    'xeroctl: rate_limit_exceeded: --expires-in, in seconds: Too big: expected number to be <=86400 (HTTP 429, request req-1)',
  );
});
