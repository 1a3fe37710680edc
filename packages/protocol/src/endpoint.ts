import { z } from 'zod';

const ENDPOINT = String.raw`tcp://[^\s,/]+:\d{1,5}`;

/** Data endpoints of a router as people write them: `tcp://host:port`, with commas between. */
export const EndpointList = z
  .string()
  .regex(
    new RegExp(`^ *${ENDPOINT} *(?:, *${ENDPOINT} *)*$`),
    'must be tcp://host:port, with commas between',
  );

/** The endpoints of a list, in its order. */
export const endpointsOf = (list: z.infer<typeof EndpointList>): readonly string[] =>
  list.split(',').map((endpoint) => endpoint.trim());
