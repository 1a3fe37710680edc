import { expect, test } from 'vitest';
import { agentIdentity } from '../testing/agent-identity.ts';
import { createCourse } from './course.ts';

const NEXT = agentIdentity('next').curve;
const OWN = agentIdentity('own').curve;

/** Goes a course by what became of each try, and answers where it went: endpoint, key, and a dot for each wait. */
function walk(endpoints: readonly string[], codes: readonly string[], curves = [NEXT, OWN]) {
  const course = createCourse({ endpoints, curves: () => curves });
  const told: string[] = [];
  const steps = codes.map((code) => {
    const { endpoint, curve } = course.next();
    const welcomed = code.startsWith('session:');
    const rejection = course.judge({ code: code.replace('session:', ''), message: '', welcomed });
    if (rejection) told.push(rejection.code);
    return `${endpoint}${curve === NEXT ? '1' : '2'}${course.isRoundOver() ? '.' : ''}`;
  });
  return { steps: steps.join(' '), told };
}

test.each([
  ['one endpoint that is down', ['a'], ['unreachable', 'unreachable'], 'a1. a1.', []],
  ['two, one dead', ['a', 'b'], ['unreachable', 'session:disconnected', 'disconnected'], 'a1 b1. b1', []],
  ['two, both dead', ['a', 'b'], ['unreachable', 'unreachable', 'unreachable'], 'a1 b1. a1', []],
  ['a first key that is refused', ['a'], ['auth', 'session:gone', 'auth'], 'a1 a2. a1', []],
  ['a first key that ZAP knows and nobody else', ['a'], ['hello_refused', 'session:gone'], 'a1 a2.', []],
  ['a wish to connect again', ['a', 'b'], ['session:closed', 'session:closed'], 'a1 a1', []],
  ['keys that are refused everywhere', ['a', 'b'], ['auth', 'auth', 'auth', 'auth'], 'a1 a2 b1 b2.', []],
  ['an unknown agent', ['a'], ['hello_refused', 'hello_refused'], 'a1 a2.', ['hello_refused']],
  ['an evicted agent', ['a'], ['agent_evicted'], 'a1.', ['agent_evicted']],
])('link goes its course past %s', (...[, endpoints, codes, steps, told]) => {
  expect(walk(endpoints, codes)).toEqual({ steps, told });
});

test.each([
  ['one key', [OWN], ['auth', 'auth', 'auth']],
  ['two keys', [NEXT, OWN], ['auth', 'auth', 'auth', 'auth', 'auth', 'auth']],
  ['one key and a dead endpoint', [OWN], ['auth', 'unreachable', 'auth', 'disconnected', 'auth']],
])('link is rejected once each of %s has failed three times', (_what, curves, codes) => {
  expect(walk(['a', 'b'], codes, curves).told).toEqual(['curve_key_rejected']);
  expect(walk(['a', 'b'], codes.slice(0, -1), curves).told).toEqual([]);
});

test('link forgets failures at a welcome', () => {
  const codes = ['auth', 'auth', 'session:gone', 'auth', 'auth'];
  expect(walk(['a'], codes, [OWN]).told).toEqual([]);
});
