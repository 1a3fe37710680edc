import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { HttpEnv } from '../edge.ts';
import { addressReader, type TrustedProxies } from './client-address.ts';

interface Sent {
  readonly from?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a request seems to come from. */
async function read(proxies: TrustedProxies, { from, headers = {} }: Sent): Promise<string | undefined> {
  const addressOf = addressReader(proxies);
  const app = new Hono<HttpEnv>();
  let seen: string | undefined;
  app.get('/', (c) => {
    seen = addressOf(c);
    return c.body(null);
  });
  const incoming = JSON.parse(JSON.stringify({ socket: { remoteAddress: from } }));
  await app.request('/', { headers }, { incoming });
  return seen;
}

const NOBODY: TrustedProxies = { ranges: [], header: 'x-forwarded-for' };
const SOME: TrustedProxies = { ranges: ['10.0.0.0/8', '2001:db8::/32'], header: 'x-forwarded-for' };

test.each<[string, TrustedProxies, [sent: Sent, address: string | undefined]]>([
  ['its socket', NOBODY, [{ from: '192.0.2.1' }, '192.0.2.1']],
  ['its socket, of IPv4 behind IPv6', NOBODY, [{ from: '::ffff:192.0.2.1' }, '192.0.2.1']],
  ['its socket without the zone', NOBODY, [{ from: 'fe80::1%eth0' }, 'fe80::1']],
  [
    'its socket, whatever it says, where nobody is trusted',
    NOBODY,
    [{ from: '10.0.0.1', headers: { 'x-forwarded-for': '192.0.2.9' } }, '10.0.0.1'],
  ],
  [
    'its socket, whatever it says, when that is no proxy',
    SOME,
    [{ from: '192.0.2.1', headers: { 'x-forwarded-for': '10.0.0.2' } }, '192.0.2.1'],
  ],
  ['a proxy that says nothing', SOME, [{ from: '10.0.0.1' }, '10.0.0.1']],
  [
    'whom a proxy names',
    SOME,
    [{ from: '10.0.0.1', headers: { 'x-forwarded-for': '192.0.2.9' } }, '192.0.2.9'],
  ],
  [
    'the last one that no proxy vouches for, not what that one says',
    SOME,
    [
      {
        from: '::ffff:10.0.0.1',
        headers: { 'x-forwarded-for': '10.9.9.9, 198.51.100.7, 192.0.2.9, 10.0.0.2' },
      },
      '192.0.2.9',
    ],
  ],
  [
    'the first of proxies only',
    SOME,
    [{ from: '10.0.0.1', headers: { 'x-forwarded-for': '10.0.0.3,10.0.0.2' } }, '10.0.0.3'],
  ],
  [
    'an address with a port',
    SOME,
    [{ from: '10.0.0.1', headers: { 'x-forwarded-for': '192.0.2.9:4711' } }, '192.0.2.9'],
  ],
  [
    'an address of IPv6, bare or in brackets',
    SOME,
    [{ from: '2001:db8::5', headers: { 'x-forwarded-for': '2001:db9::1, [2001:db8::1]:80' } }, '2001:db9::1'],
  ],
  [
    'nobody, when a proxy names nobody',
    SOME,
    [{ from: '10.0.0.1', headers: { 'x-forwarded-for': '192.0.2.9, unknown' } }, undefined],
  ],
  [
    'a proxy, when the other header names somebody',
    SOME,
    [{ from: '10.0.0.1', headers: { forwarded: 'for=192.0.2.9' } }, '10.0.0.1'],
  ],
  ['nowhere, without a socket', SOME, [{ headers: { 'x-forwarded-for': '192.0.2.9' } }, undefined]],
])('a request comes from %s', async (_, proxies, [sent, address]) => {
  expect(await read(proxies, sent)).toBe(address);
});

const STANDARD: TrustedProxies = { ...SOME, header: 'forwarded' };

test.each([
  ['for=192.0.2.9', '192.0.2.9'],
  ['For="192.0.2.9:80";proto=https;by=10.0.0.1', '192.0.2.9'],
  ['for=198.51.100.7, proto=http;for="[2001:db9::1]:4711"', '2001:db9::1'],
  ['for=192.0.2.9;host="a,for=10.0.0.9", for=10.0.0.2', '192.0.2.9'],
  ['for=192.0.2.9, for=_hidden', undefined],
  ['for=192.0.2.9, proto=https', undefined],
  ['for=198.51.100.7;x=", for="[2001:db9::1]:4711"', '2001:db9::1'],
  ['for=198.51.100.7;x="\\, for="[2001:db9::1]:4711"', '2001:db9::1'],
  ['for="198.51.100.7, for=192.0.2.9', '192.0.2.9'],
  ['"for=198.51.100.7", for=10.0.0.2', undefined],
  ['host="a;for=198.51.100.7";for=192.0.2.9', '192.0.2.9'],
  ['host="a\\";for=198.51.100.7";for=192.0.2.9', '192.0.2.9'],
  ['for=198.51.100.7", for=10.0.0.2', undefined],
  ['', '10.0.0.1'],
])('a request with Forwarded: %s comes from %s', async (forwarded, address) => {
  expect(await read(STANDARD, { from: '10.0.0.1', headers: { forwarded } })).toBe(address);
});
