import type { ApiKeyId, PrincipalId, PrincipalKind, ProjectId } from '@xem/protocol';
import type { ApiKeyRecord, BrowserSessionRecord, PrincipalRecord, ProjectRecord } from './record/access.ts';
import type { SignInLinkRecord } from './record/link.ts';
import type { Slice } from './store.ts';

export interface PrincipalFilter {
  readonly kind?: PrincipalKind | undefined;
  readonly name?: string | undefined;
}

export interface ApiKeyFilter {
  readonly principalId?: PrincipalId | undefined;
}

/** A principal with all of their keys, or with one of them. */
export interface KeyHolder {
  readonly principalId: PrincipalId;
  readonly keyId?: ApiKeyId | undefined;
}

export interface AccessReader {
  project(id: ProjectId): Promise<ProjectRecord | null>;
  projectBySlug(slug: string): Promise<ProjectRecord | null>;
  projects(): Promise<readonly ProjectRecord[]>;
  principal(projectId: ProjectId, id: PrincipalId): Promise<PrincipalRecord | null>;
  principals(
    projectId: ProjectId,
    filter: PrincipalFilter,
    slice: Slice,
  ): Promise<readonly PrincipalRecord[]>;
  apiKey(projectId: ProjectId, id: ApiKeyId): Promise<ApiKeyRecord | null>;
  apiKeys(projectId: ProjectId, filter: ApiKeyFilter, slice: Slice): Promise<readonly ApiKeyRecord[]>;
  /** Whether a key opens the door: neither ended nor revoked, nor its principal disabled. */
  isUsable(id: ApiKeyId, now: number): Promise<boolean>;
  /** Whoever presents a value with this hash: key and principal in one look-up. */
  credential(
    valueSha256: string,
  ): Promise<{ key: ApiKeyRecord; principal: PrincipalRecord; project: ProjectRecord } | null>;
  browserSession(tokenSha256: string): Promise<BrowserSessionRecord | null>;
  signInLink(tokenSha256: string): Promise<SignInLinkRecord | null>;
  /** The humans of the project who hold a key that may decide and has neither ended nor been revoked. */
  deciders(projectId: ProjectId, now: number): Promise<readonly PrincipalRecord[]>;
  /** How many humans of the project, without one of them, hold a usable key with the scope management. */
  countManagersBut(projectId: ProjectId, principalId: PrincipalId, now: number): Promise<number>;
}

export interface AccessWriter extends AccessReader {
  insertProject(row: ProjectRecord): Promise<void>;
  /** Compare and set on `version`. */
  saveProject(row: ProjectRecord): Promise<ProjectRecord>;
  insertPrincipal(row: PrincipalRecord): Promise<void>;
  savePrincipal(row: PrincipalRecord): Promise<void>;
  insertApiKey(row: ApiKeyRecord): Promise<void>;
  saveApiKey(row: ApiKeyRecord): Promise<void>;
  insertBrowserSession(row: BrowserSessionRecord): Promise<void>;
  /** False when there is none. */
  removeBrowserSession(tokenSha256: string): Promise<boolean>;
  removeBrowserSessionsBefore(now: number): Promise<void>;
  /** Removes the sessions that were opened with a key of a principal, or with one key of theirs, and go on after `now`. */
  removeBrowserSessionsOf(holder: KeyHolder, now: number): Promise<void>;
  insertSignInLink(row: SignInLinkRecord): Promise<void>;
  /** Takes a link away and answers it; of two who come at once one gets it. */
  takeSignInLink(tokenSha256: string): Promise<SignInLinkRecord | null>;
  removeSignInLinksOf(principalId: PrincipalId): Promise<void>;
  removeSignInLinksBefore(now: number): Promise<void>;
}
