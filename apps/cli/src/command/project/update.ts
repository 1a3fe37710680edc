import { ROUTES } from '@xem/client';
import { UsageError } from '../../exit.ts';
import { command } from '../command.ts';
import { choice, text } from '../flag.ts';
import { readPair } from '../pair.ts';
import { PROJECT_VIEW } from './project.ts';

const NONE = 'none';

const RATE = 'MINUTE/BURST';
const TARIFF = 'CALL/SECOND';

/** Both numbers of a flag; `none` is null. @throws UsageError */
function pairOf(
  flag: string,
  word: string | undefined,
  form: string,
): readonly [number, number] | null | undefined {
  if (word === undefined) return undefined;
  return word === NONE ? null : readPair({ flag, word, form: `${form} or ${NONE}` });
}

function rateOf(word: string | undefined) {
  const pair = pairOf('rate', word, RATE);
  return pair && { per_minute: pair[0], burst: pair[1] };
}

function tariffOf(word: string | undefined) {
  const pair = pairOf('tariff', word, TARIFF);
  return pair && { per_call: pair[0], per_second: pair[1] };
}

export const update = command({
  about:
    'Whoever manages may change the name; plan, rate, billing and tariff are changed by humans only. With a tariff the project needs credit for its calls: see top-up.',
  flags: {
    name: text('NAME', 'What to call it'),
    plan: text('PLAN', 'What it has bought, in a word'),
    rate: text(RATE, 'Requests a minute and at once that all its keys share; none lifts it'),
    billing: choice(
      ['current', 'delinquent'],
      'Whether it pays what it owes; delinquent lets nothing new in',
    ),
    tariff: text(TARIFF, 'Credits for a call and for each second it runs; none makes calls free'),
  },
  run: async (session, { flags }) => {
    const { name, plan, billing } = flags;
    const input = { name, plan, rate: rateOf(flags.rate), billing, tariff: tariffOf(flags.tariff) };
    if (Object.values(input).every((value) => value === undefined))
      throw new UsageError('nothing to change: give --name, --plan, --rate, --billing or --tariff');
    const { data } = await session.call(ROUTES['project.update'], input);
    await session.print.object(data, PROJECT_VIEW);
  },
});
