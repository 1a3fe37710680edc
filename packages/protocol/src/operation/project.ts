import { z } from 'zod';
import { Reason } from '../entity/invocation.ts';
import { RateLimit } from '../entity/principal.ts';
import { Billing, CallTariff, Credits, Project } from '../entity/project.ts';
import { operation } from './operation.ts';

const manages = { scope: 'management', answers: 'json', output: Project, errors: [] } as const;
const Because = z.strictObject({ reason: Reason.optional() });

export const getProject = operation({
  ...manages,
  id: 'project.get',
  method: 'GET',
  path: '/management/project',
  summary: 'Read the project',
  input: z.strictObject({}),
});

export const pauseProject = operation({
  ...manages,
  id: 'project.pause',
  method: 'POST',
  path: '/management/project/pause',
  summary: 'Hold all queued work of the project; what runs goes on',
  input: Because,
});

export const resumeProject = operation({
  ...manages,
  id: 'project.resume',
  method: 'POST',
  path: '/management/project/resume',
  summary: 'Let the work of the project go on',
  input: Because,
});

export const updateProject = operation({
  ...manages,
  id: 'project.update',
  method: 'PATCH',
  path: '/management/project',
  summary: 'Change the project: its name, and by humans its plan, rate, billing and tariff',
  input: z.strictObject({
    name: z.string().min(1).max(128).optional(),
    plan: z.string().min(1).max(64).optional(),
    rate: RateLimit.nullable().optional(),
    billing: Billing.optional(),
    tariff: CallTariff.nullable().optional(),
  }),
});

export const topUpProject = operation({
  ...manages,
  id: 'project.top_up',
  method: 'POST',
  path: '/management/project/credit',
  summary: 'Grant credits to the project; only humans do',
  headers: ['Idempotency-Key'],
  input: z.strictObject({ credits: Credits.min(1) }),
  errors: ['exec_idempotency_conflict', 'invalid_state'],
});
