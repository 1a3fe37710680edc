import { ExecError } from '@xem/errors';
import { OPERATIONS } from '@xem/protocol';

const NAMES: ReadonlySet<string> = new Set(OPERATIONS.flatMap(({ id }) => [id, `${id.split('.')[0]}.*`]));

/** Lets pins through that name operations there are. @throws ExecError invalid_body */
export function assertPins(pins: readonly string[] | null | undefined): void {
  const at = pins?.findIndex((pin) => !NAMES.has(pin)) ?? -1;
  if (at === -1) return;
  throw new ExecError('invalid_body', `/endpoints/${at}: there is no operation ${pins?.[at]}`, {
    param: `/endpoints/${at}`,
  });
}
