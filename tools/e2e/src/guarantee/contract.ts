import type { Guarantee } from './guarantee.ts';

/** What is promised of the document of the API, and of the catalogue of codes. */
export const CONTRACT = {
  'contract.document': {
    says: 'the document of the API that a router serves is the one that is published',
    from: 'api',
  },
  'contract.answers': {
    says: 'every operation of the document answers, and as the document says',
    from: 'api',
  },

  'contract.fuzz': {
    says: 'whatever is sent, no answer is a 5xx or outside the document, and the mesh bears it and works on',
    from: 'reliability',
  },

  'contract.malformed': {
    says: 'a malformed request is refused as the document says on every route, and nobody waits in vain',
    from: 'reliability',
  },

  'codes.http': {
    says: 'every code of the API is answered as the catalogue says: status, type, param, and when to try again',
    from: 'api',
  },
  'codes.enrolment': {
    says: 'every code of the enrollment socket is answered, with what the operator can do',
    from: 'api',
  },
  'codes.ending': { says: 'every code that a call can end with ends one', from: 'api' },
} as const satisfies Record<string, Guarantee>;
