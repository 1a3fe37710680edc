import { ERROR_CODES } from '@xem/errors';
import { listErrors } from '@xem/protocol';
import { expect, test } from 'vitest';
import { list } from './list.ts';

test('error.list is the whole catalogue, each code with its statuses', async () => {
  const page = listErrors.output.parse(await list());
  expect(page.data.map(({ code }) => code)).toEqual(ERROR_CODES);
  const row = (code: string) => page.data.find((candidate) => candidate.code === code);
  expect(row('exec_tool_not_found')).toMatchObject({ http: [404, 400], type: 'invalid_request_error' });
  expect(row('rate_limit_exceeded')).toMatchObject({
    http: [429],
    type: 'rate_limit_error',
    retry: 'backoff',
  });
  expect(row('agent_name_in_use')).toMatchObject({
    http: [],
    type: null,
    exit_code: 78,
    surface: 'enrollment',
  });
});
