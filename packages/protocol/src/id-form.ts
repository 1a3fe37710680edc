/** How an id is written, and how to say so. */
export interface IdForm {
  readonly pattern: RegExp;
  readonly says: string;
}

/** The form of ids that begin with the prefix of their noun. */
export const prefixedForm = (prefix: string): IdForm => ({
  pattern: new RegExp(`^${prefix}_[0-9a-f]{24}$`),
  says: `must be ${prefix}_ and 24 lower-case hex digits`,
});

/** The form of the ids of invocations, executions and approvals. */
export const UUID_FORM: IdForm = {
  pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  says: 'must be a lower-case UUID',
};

export const WORKSPACE_ID_FORM: IdForm = {
  pattern: /^ws_[0-9a-f]{8,32}$/,
  says: 'must be ws_ and 8 to 32 lower-case hex digits',
};

export const TOOL_NAME_FORM: IdForm = {
  pattern: /^[A-Za-z0-9_.-]{1,64}$/,
  says: 'must be 1 to 64 of A-Z a-z 0-9 _ . -',
};
