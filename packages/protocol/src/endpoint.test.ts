import { expect, test } from 'vitest';
import { EndpointList, endpointsOf } from './endpoint.ts';

test.each([
  ['tcp://a:1', ['tcp://a:1']],
  ['tcp://a.example:5555,tcp://10.0.0.1:5555', ['tcp://a.example:5555', 'tcp://10.0.0.1:5555']],
  [' tcp://[::1]:5555 , tcp://b:1 ', ['tcp://[::1]:5555', 'tcp://b:1']],
])('endpointsOf reads %j', (list, endpoints) => {
  expect(endpointsOf(EndpointList.parse(list))).toEqual(endpoints);
});

test.each([
  '',
  'a:1',
  'http://a:1',
  'tcp://a',
  'tcp://a:1,',
  'tcp://a:1;tcp://b:1',
  'tcp://a b:1',
  'ipc://x',
])('EndpointList refuses %j', (list) => {
  expect(EndpointList.safeParse(list).error?.issues[0]?.message).toContain('must be tcp://host:port');
});
