import { IpRange } from '@xem/protocol';
import { expect, test } from 'vitest';
import {
  isGlobal,
  isInRanges,
  isRangeWithin,
  networkOf,
  plainAddress,
  readRange,
  readRanges,
} from './address-range.ts';

test.each([
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3', '10.9.9.9/8', true],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '10.1.2.4', false],
  ['10.1.2.3', '0.0.0.0/0', true],
  ['::1', '0.0.0.0/0', false],
  ['::ffff:10.1.2.3', '10.0.0.0/8', true],
  ['::FFFF:0A01:0203', '10.0.0.0/8', true],
  ['10.1.2.3', '::ffff:10.0.0.0/104', true],
  ['10.1.2.3', '::ffff:10.1.2.3', true],
  ['10.1.2.3', '::/0', true],
  ['10.1.2.3', '::10.1.2.3', false],
  ['2001:db8:1::5', '2001:db8::/32', true],
  ['2001:0DB8:0001:0:0:0:0:5', '2001:db8:1::5', true],
  ['2001:db9::5', '2001:db8::/32', false],
  ['fe80::1%eth0', 'fe80::/10', true],
  ['fe80::1%eth-0.7', 'fe80::/10', true],
  ['10.1', '10.0.0.0/8', false],
  ['010.1.2.3', '10.0.0.0/8', false],
  ['0x0a.1.2.3', '10.0.0.0/8', false],
  ['10.1.2.3 ', '10.0.0.0/8', false],
  ['', '0.0.0.0/0', false],
  [undefined, '::/0', false],
])('the address %s is in %s: %s', (address, range, isIn) => {
  expect(isInRanges(address, readRanges([range]))).toBe(isIn);
});

test.each([
  '',
  'a.example',
  '10',
  '10.0.0',
  '010.0.0.0/8',
  '10.0.0.0/',
  '10.0.0.0/33',
  '10.0.0.0/08',
  '10.0.0.0/-1',
  '10.0.0.0/8.0',
  '10.0.0.0/+8',
  '10.0.0.0/ 8',
  '10.0.0.0/8/8',
  '10.0.0.0/255.0.0.0',
  '::/129',
  '::1::/64',
  'fe80::1%eth0',
  'fe80::%eth0/64',
])('%j is no range, is taken for none by the protocol, and holds nobody', (word) => {
  expect(readRange(word)).toBeNull();
  expect(IpRange.safeParse(word).success).toBe(false);
  expect(isInRanges('10.0.0.1', readRanges([word]))).toBe(false);
});

test.each([
  '10.0.0.0/8',
  '10.0.0.1',
  '0.0.0.0/0',
  '::/0',
  '2001:DB8::/32',
  '::ffff:10.0.0.1',
  '::1',
  '1::/128',
])('%s is a range, and is taken for one by the protocol', (word) => {
  expect(readRange(word)).not.toBeNull();
  expect(IpRange.safeParse(word).success).toBe(true);
});

test.each([
  ['10.1.0.0/16', '10.0.0.0/8', true],
  ['10.0.0.0/8', '10.0.0.0/8', true],
  ['10.0.0.0/7', '10.0.0.0/8', false],
  ['10.0.0.0/31', '10.0.0.1', false],
  ['::ffff:10.0.0.1', '10.0.0.0/8', true],
  ['10.0.0.1', '::ffff:10.0.0.0/104', true],
  ['0.0.0.0/0', '::/0', true],
  ['::/0', '0.0.0.0/0', false],
  ['::ffff:0:0/96', '0.0.0.0/0', true],
  ['2001:db8:1::/48', '2001:db8::/32', true],
  ['2001:db8::/31', '2001:db8::/32', false],
  ['nowhere', '0.0.0.0/0', false],
  ['10.0.0.1', 'nowhere', false],
])('the range %s lies within %s: %s', (inner, outer, isWithin) => {
  expect(isRangeWithin(inner, outer)).toBe(isWithin);
});

test.each([
  ['93.184.216.34', true],
  ['2606:4700::1111', true],
  ['10.0.0.1', false],
  ['169.254.169.254', false],
  ['::ffff:93.184.216.34', false],
  ['::93.184.216.34', false],
  ['64:ff9b::5db8:d822', false],
  ['4000::1', false],
  ['fe80::1%eth0', false],
  ['93.184', false],
  ['a.example', false],
])('the internet routes %s to a host: %s', (address, isRouted) => {
  expect(isGlobal(address)).toBe(isRouted);
});

test.each([
  ['192.0.2.1', '192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1', '192.0.2.1'],
  ['fe80::1%eth0', 'fe80::1', 'fe80::'],
  ['2001:DB8:0:0:5:0:0:1', '2001:db8::5:0:0:1', '2001:db8::'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
  ['unknown', undefined, 'unknown'],
])('%s is written as %s, and its network as %s', (address, plain, network) => {
  expect(plainAddress(address)).toBe(plain);
  expect(networkOf(address)).toBe(network);
});
