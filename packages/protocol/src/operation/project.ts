import { z } from 'zod';
import { Reason } from '../entity/invocation.ts';
import { Project } from '../entity/project.ts';
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
