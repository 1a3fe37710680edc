import { z } from 'zod';

/** An address, or a range of them: `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.7`. */
export const IpRange = z
  .union(
    [z.ipv4(), z.cidrv4(), z.ipv6(), z.cidrv6()],
    'must be an address or a CIDR range, such as 10.0.0.0/8 or 2001:db8::/32',
  )
  .meta({ id: 'IpRange' });

/** The ranges of a list with commas between. */
export const rangesOf = (list: string): readonly string[] =>
  list
    .split(',')
    .map((range) => range.trim())
    .filter((range) => range !== '');

/** Ranges as a setting names them. */
export const IpRangeList = z
  .string()
  .refine((list) => rangesOf(list).every((range) => IpRange.safeParse(range).success), {
    error: 'must be addresses or CIDR ranges with commas between',
  });
