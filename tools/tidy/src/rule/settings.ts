import { AGENT_SETTINGS, DEV_SETTINGS, MCP_SETTINGS, ROUTER_SETTINGS } from '@xem/protocol';
import { isSource, type Finding, type Rule } from '../tree.ts';

const PAGE = 'docs/reference/settings.md';

const DECLARED: ReadonlySet<string> = new Set(
  [ROUTER_SETTINGS, AGENT_SETTINGS, MCP_SETTINGS, DEV_SETTINGS].flatMap((table) =>
    Object.values(table).map(({ env }) => env),
  ),
);

/** What the agent gives to the tools it runs is no setting, nor is where settings stand, nor what a test does to a program. */
const NO_SETTING =
  /^XEM_(?:CONFIG|CRASH_POINT|WALL_OFFSET_MS|EXECUTION_ID|INVOCATION_ID|ATTEMPT|WORKSPACE_ID|EFFECT_LOG|TOOL|ARGS\w*)$/;

/** Every setting is in the reference, and programs read no environment variable of ours that is not a setting. */
export const settings: Rule = (tree) => {
  const page = tree.has(PAGE) ? tree.read(PAGE) : '';
  const undocumented = [...DECLARED]
    .filter((env) => !page.includes(env))
    .map((where): Finding => ({ where, what: `is a setting that ${PAGE} does not describe` }));
  const undeclared = tree.paths.filter(isSource).flatMap((where): readonly Finding[] => {
    const named = new Set(
      [...tree.read(where).matchAll(/['"`.](XEM_[A-Z0-9_]+)\b/g)].map(([, env = '']) => env),
    );
    return [...named]
      .filter((env) => !DECLARED.has(env) && !NO_SETTING.test(env))
      .map((env) => ({ where, what: `names ${env}, which no table of settings declares` }));
  });
  return [...undocumented, ...undeclared];
};
