import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { WebhookId } from '@xem/protocol';
import type { IdSource } from '@xem/runtime';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps the secrets of webhooks: they have to be read again for every signature. */
export interface SecretBox {
  /** Encrypts the secret of a webhook; nobody can pass it off as another's. */
  seal(id: WebhookId, secret: string): Uint8Array;
  /** @throws Error when it was sealed with another key, or was changed */
  open(id: WebhookId, sealed: Uint8Array): string;
}

/** A box that opens with a key of 32 bytes: AES-256-GCM, the webhook's id authenticated with it. */
export function createSecretBox(key: Uint8Array, ids: Pick<IdSource, 'bytes'>): SecretBox {
  return {
    seal: (id, secret) => {
      const nonce = Buffer.from(ids.bytes(NONCE_BYTES));
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(id));
      const hidden = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), hidden]);
    },
    open: (id, sealed) => {
      const nonce = sealed.subarray(0, NONCE_BYTES);
      const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(id))
        .setAuthTag(tag);
      const secret = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
      return Buffer.concat([secret, decipher.final()]).toString('utf8');
    },
  };
}
