import {
  AGENT_SETTINGS,
  DEV_SETTINGS,
  MCP_SETTINGS,
  ROUTER_SETTINGS,
  type SettingDeclaration,
} from '@xem/protocol';
import { code, page, table } from '../markdown.ts';

type Settings = Readonly<Record<string, SettingDeclaration>>;

const PROGRAMS: readonly { readonly title: string; readonly intro: string; readonly settings: Settings }[] = [
  { title: 'Router', intro: 'Flags win over the environment.', settings: ROUTER_SETTINGS },
  {
    title: 'Agent',
    intro:
      'Flags win over the environment, the environment over the YAML file of `--config` or `XEM_CONFIG` (`/etc/xem/xem.yaml`), which is flat and has the names of the first column.',
    settings: AGENT_SETTINGS,
  },
  { title: 'MCP server', intro: 'Flags win over the environment.', settings: MCP_SETTINGS },
  {
    title: 'Local mesh',
    intro: 'For `pnpm dev` and `pnpm xeroctl`; environment only.',
    settings: DEV_SETTINGS,
  },
];

function defaultOf({ schema }: SettingDeclaration): string {
  const { success, data } = schema.safeParse(undefined);
  if (!success) return 'must be set';
  return data === undefined ? '–' : code(typeof data === 'string' ? data : JSON.stringify(data));
}

const rowsOf = (settings: Settings): readonly (readonly string[])[] =>
  Object.entries(settings).map(([name, row]) => [
    code(name),
    code(row.env),
    code(`--${row.flag}`),
    defaultOf(row),
    row.says,
  ]);

/** The reference of settings, by program. */
export const settingsPage = (): string =>
  page(
    'Settings',
    PROGRAMS.flatMap(({ title, intro, settings }) => [
      `## ${title}`,
      intro,
      table(['Name', 'Environment', 'Flag', 'Default', 'Meaning'], rowsOf(settings)),
    ]),
  );
