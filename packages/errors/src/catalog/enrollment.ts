import type { ErrorRow } from '../error-row.ts';

/** Answers on the enrollment socket, never over HTTP. All are final for the agent, which exits 78. */
export const enrollmentErrors = {
  exec_manifest_invalid: {
    surface: 'enrollment',
    retry: 'never',
    exit: 78,
    says: 'The manifest of the agent does not match its schema.',
    fix: 'Correct what the message and the pointer name; `xem-agent validate` checks it on the host.',
  },
  agent_name_in_use: {
    surface: 'enrollment',
    retry: 'never',
    exit: 78,
    says: 'The registration name belongs to an agent that is online, or to others already.',
    fix: 'Choose another name, or mint a key that replaces: `xeroctl agents join-keys create --replace --name NAME`.',
  },
  agent_name_conflict: {
    surface: 'enrollment',
    retry: 'never',
    exit: 78,
    says: 'Two agents are online under one registration name with different keys.',
    fix: 'Find out why two agents share the name and say which one has it: `xeroctl agents resolve-conflict`. The other may enrol again.',
  },
  join_key_invalid: {
    surface: 'enrollment',
    retry: 'never',
    exit: 78,
    says: 'The join key is not one of this router, its signature is wrong, or this host may not use it: for its name, or for its own keys.',
    fix: 'Do what the message says; where it is about the join key, paste it again as it was printed, or mint a new one.',
  },
  join_key_expired: {
    surface: 'enrollment',
    retry: 'never',
    exit: 78,
    says: 'The join key has expired.',
    fix: 'Mint a new one: `xeroctl agents join-keys create`.',
  },
  join_key_exhausted: {
    surface: 'enrollment',
    retry: 'never',
    exit: 78,
    says: 'Every use of the join key is taken.',
    fix: 'Mint a new one; where a use is only reserved the message says when it lapses.',
  },
  join_key_revoked: {
    surface: 'enrollment',
    retry: 'never',
    exit: 78,
    says: 'The join key was revoked.',
    fix: 'Mint a new one: `xeroctl agents join-keys create`.',
  },
  protocol_unsupported: {
    surface: 'enrollment',
    retry: 'never',
    exit: 78,
    says: 'The router does not speak the protocol version of the agent.',
    fix: 'Bring the agent and the router to versions that share a protocol.',
  },
} as const satisfies Record<string, ErrorRow>;
