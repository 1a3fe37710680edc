import { expect, test } from 'vitest';
import { mayDial, targetOf } from './target.ts';

const CLOSED = { webhookAllowPrivate: false, webhookAllowedHosts: [] };
const OPEN = { webhookAllowPrivate: true, webhookAllowedHosts: [] };
const NAMED = { webhookAllowPrivate: false, webhookAllowedHosts: ['hooks.corp', '10.1.0.0/16', 'fd00::5'] };

const PRIVATE = /private address/;

test.each([
  ['https://127.0.0.1/', PRIVATE],
  ['https://127.1/', PRIVATE],
  ['https://0x7f.1/', PRIVATE],
  ['https://0177.0.0.1/', PRIVATE],
  ['https://2130706433/', PRIVATE],
  ['https://127.0.0.1./', PRIVATE],
  ['https://①②⑦.0.0.1/', PRIVATE],
  ['https://0/', PRIVATE],
  ['https://10.0.0.1/', PRIVATE],
  ['https://172.16.0.1/', PRIVATE],
  ['https://192.168.1.1/', PRIVATE],
  ['https://169.254.169.254/latest/meta-data', PRIVATE],
  ['https://100.64.0.1/', PRIVATE],
  ['https://100.100.100.200/', PRIVATE],
  ['https://224.0.0.1/', PRIVATE],
  ['https://255.255.255.255/', PRIVATE],
  ['https://192.0.2.1/', PRIVATE],
  ['https://198.18.0.1/', PRIVATE],
  ['https://240.0.0.1/', PRIVATE],
  ['https://[::1]/', PRIVATE],
  ['https://[::]/', PRIVATE],
  ['https://[::ffff:127.0.0.1]/', PRIVATE],
  ['https://[::ffff:93.184.216.34]/', PRIVATE],
  ['https://[::127.0.0.1]/', PRIVATE],
  ['https://[4000::1]/', PRIVATE],
  ['https://[64:ff9b::7f00:1]/', PRIVATE],
  ['https://[64:ff9b:1::a00:1]/', PRIVATE],
  ['https://[2002:7f00:1::]/', PRIVATE],
  ['https://[2001::1]/', PRIVATE],
  ['https://[fc00::1]/', PRIVATE],
  ['https://[fd00:ec2::254]/', PRIVATE],
  ['https://[fe80::1]/', PRIVATE],
  ['https://[fec0::1]/', PRIVATE],
  ['https://[ff02::1]/', PRIVATE],
  ['https://localhost/', PRIVATE],
  ['https://LOCALHOST./', PRIVATE],
  ['https://db.localhost/', PRIVATE],
  ['http://hooks.example.com/', /https/],
  ['ftp://hooks.example.com/', /https/],
  ['file:///etc/passwd', /https/],
  ['gopher://hooks.example.com/', /https/],
  ['https://user@hooks.example.com/', /no user/],
  ['https://user:secret@hooks.example.com/', /no user/],
  ['https://:secret@hooks.example.com/', /no user/],
  ['https://hooks.example.com:25/', /port/],
  ['https://hooks.example.com:22/', /port/],
  ['https://hooks.example.com:0/', /port/],
  ['https://hooks.example.com:99999/', /no URL/],
  ['https://[fe80::1%25eth0]/', /no URL/],
  ['hooks.example.com', /no URL/],
  ['//hooks.example.com', /no URL/],
])('a webhook to %s is refused', (url, says) => {
  expect(() => targetOf(CLOSED, url)).toThrow(
    expect.objectContaining({ code: 'invalid_body', param: '/url', message: expect.stringMatching(says) }),
  );
});

test.each([
  ['https://hooks.example.com/xem?team=a', 'https://hooks.example.com/xem?team=a'],
  ['https://hooks.example.com:8443/', 'https://hooks.example.com:8443/'],
  ['https://hooks.example.com:443', 'https://hooks.example.com/'],
  ['https://hooks.example.com/#there', 'https://hooks.example.com/'],
  ['https://93.184.216.34/', 'https://93.184.216.34/'],
  ['https://[2606:4700::1111]/', 'https://[2606:4700::1111]/'],
])('a webhook to %s is kept as %s', (url, kept) => {
  expect(targetOf(CLOSED, url)).toBe(kept);
});

test.each([
  [OPEN, 'http://127.0.0.1:80/hook'],
  [OPEN, 'http://localhost:25/'],
  [OPEN, 'http://[::1]:9000/'],
  [NAMED, 'http://hooks.corp:81/'],
  [NAMED, 'https://HOOKS.corp./'],
  [NAMED, 'http://10.1.2.3/'],
  [NAMED, 'https://[fd00::5]/'],
  [NAMED, 'https://[::ffff:10.1.2.3]/'],
])('an operator who allows %j lets in %s', (rules, url) => {
  expect(() => targetOf(rules, url)).not.toThrow();
});

test.each(['https://10.2.0.1/', 'https://[fd00::6]/', 'http://other.corp/', 'https://127.0.0.1/'])(
  'an operator who allows some hosts does not let in %s',
  (url) => {
    expect(() => targetOf(NAMED, url)).toThrow(expect.objectContaining({ code: 'invalid_body' }));
  },
);

test.each([
  { rules: CLOSED, host: 'a.example', address: '93.184.216.34', may: true },
  { rules: CLOSED, host: 'a.example', address: '10.0.0.1', may: false },
  { rules: CLOSED, host: 'a.example', address: '::ffff:10.0.0.1', may: false },
  { rules: CLOSED, host: 'a.example', address: 'no address', may: false },
  { rules: OPEN, host: 'a.example', address: '10.0.0.1', may: true },
  { rules: NAMED, host: 'hooks.corp', address: '192.168.0.1', may: true },
  { rules: NAMED, host: 'a.example', address: '192.168.0.1', may: false },
  { rules: NAMED, host: 'a.example', address: '10.1.9.9', may: true },
])('under $rules $host may be dialled at $address: $may', ({ rules, may, ...dialled }) => {
  expect(mayDial(rules, dialled)).toBe(may);
});
