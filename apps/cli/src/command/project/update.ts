import { ROUTES } from '@xem/client';
import { UsageError } from '../../exit.ts';
import { command } from '../command.ts';
import { choice, text } from '../flag.ts';

const NONE = 'none';

/** Reads `A/B`, both whole numbers; `none` is null. @throws UsageError */
function parsePair(flag: string, word: string): readonly [number, number] | null {
  if (word === NONE) return null;
  const [, first = '', second = ''] = /^(\d{1,9})\/(\d{1,9})$/.exec(word) ?? [];
  if (second === '') throw new UsageError(`--${flag} must be two numbers like 600/100, or none; not ${word}`);
  return [Number(first), Number(second)];
}

function rateOf(word: string | undefined) {
  const pair = word === undefined ? undefined : parsePair('rate', word);
  return pair && { per_minute: pair[0], burst: pair[1] };
}

function tariffOf(word: string | undefined) {
  const pair = word === undefined ? undefined : parsePair('tariff', word);
  return pair && { per_call: pair[0], per_second: pair[1] };
}

export const update = command({
  about:
    'Whoever manages may change the name; plan, rate, billing and tariff are changed by humans only. With a tariff the project needs credit for its calls: see top-up.',
  flags: {
    name: text('NAME', 'What to call it'),
    plan: text('PLAN', 'What it has bought, in a word'),
    rate: text('MINUTE/BURST', 'Requests a minute and at once that all its keys share; none lifts it'),
    billing: choice(
      ['current', 'delinquent'],
      'Whether it pays what it owes; delinquent lets nothing new in',
    ),
    tariff: text('CALL/SECOND', 'Credits for a call and for each second it runs; none makes calls free'),
  },
  run: async (session, { flags }) => {
    const { name, plan, billing } = flags;
    const input = { name, plan, rate: rateOf(flags.rate), billing, tariff: tariffOf(flags.tariff) };
    if (Object.values(input).every((value) => value === undefined))
      throw new UsageError('nothing to change: give --name, --plan, --rate, --billing or --tariff');
    const { data } = await session.call(ROUTES['project.update'], input);
    await session.print.object(data, { first: ['id', 'slug', 'name', 'plan', 'rate', 'billing', 'tariff'] });
  },
});
