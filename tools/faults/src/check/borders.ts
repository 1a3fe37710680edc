import type { Evidence, Invariant, Violation } from '../evidence/evidence.ts';
import { linesOf } from '../evidence/ledger.ts';

const broken = (says: string): Violation => ({ invariant: 'I6', says });

type Owners = ReadonlyMap<string, string>;

/** Whose each id is. */
function ownersIn(evidence: Evidence): Owners {
  const { invocations, executions, approvals, workspaces, agents, principals, joinKeys } = evidence;
  const rows = [
    ...invocations,
    ...executions,
    ...approvals,
    ...workspaces,
    ...agents,
    ...principals,
    ...joinKeys,
  ];
  return new Map(rows.map(({ id, project_id }) => [id, project_id]));
}

/** What each row of a project points at. */
function pointersOf(evidence: Evidence): readonly (readonly [string, string, readonly (string | null)[]])[] {
  const { invocations, executions, approvals, bindings, outputs, entries } = evidence;
  return [
    ...invocations.map(
      (row) =>
        [
          row.id,
          row.project_id,
          [row.workspace_id, row.agent_id, row.pinned_agent_id, row.execution_id, row.requested_by.id],
        ] as const,
    ),
    ...executions.map(
      (row) => [row.id, row.project_id, [row.invocation_id, row.workspace_id, row.agent_id]] as const,
    ),
    ...approvals.map(
      (row) =>
        [
          row.id,
          row.project_id,
          [
            row.invocation_id,
            row.workspace_id,
            row.requested_by.id,
            ...row.decisions.map((one) => one.decided_by.id),
          ],
        ] as const,
    ),
    ...bindings.map((row) => ['a binding', row.project_id, [row.workspace_id, row.agent_id]] as const),
    ...outputs.map((row) => [`${row.stream} of`, row.project_id, [row.execution_id]] as const),
    ...entries.map((row) => [row.id, row.project_id, [row.subject.id, ...Object.values(row.refs)]] as const),
  ];
}

/** No row points across. */
function apart(evidence: Evidence): readonly Violation[] {
  const owners = ownersIn(evidence);
  return pointersOf(evidence).flatMap(([name, project, ids]) =>
    ids
      .filter((id) => id !== null && (owners.get(id) ?? project) !== project)
      .map((id) => broken(`${name} of ${project} points at ${id} of another project`)),
  );
}

/** Nobody was shown what is another's, and whoever asked for it heard that it is not there. */
function unseen(evidence: Evidence): readonly Violation[] {
  const owners = ownersIn(evidence);
  const shown = linesOf(evidence.ledger, 'shown').flatMap(({ project, ids }) =>
    ids
      .filter((id) => (owners.get(id) ?? project) !== project)
      .map((id) => broken(`${project} was shown ${id} of another project`)),
  );
  const answered = linesOf(evidence.ledger, 'trespassed')
    .filter(({ http }) => http !== 404)
    .map(({ path, http }) => broken(`${path} answered ${http} to another project`));
  return [...shown, ...answered];
}

/** I6: no row, entry, byte or error crosses projects. */
export const borders: Invariant = (evidence) => [apart, unseen].flatMap((part) => part(evidence));
