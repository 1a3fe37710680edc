const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** Z85 (ZeroMQ RFC 32) of bytes whose number is a multiple of 4. @throws RangeError */
export function z85Encode(bytes: Uint8Array): string {
  if (bytes.byteLength % 4 !== 0) throw new RangeError('Z85 takes a multiple of 4 bytes');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at < bytes.byteLength; at += 4) {
    const word = view.getUint32(at);
    for (let place = 85 ** 4; place >= 1; place /= 85) text += ALPHABET.charAt(Math.floor(word / place) % 85);
  }
  return text;
}

function wordOf(group: string): number {
  let word = 0;
  for (const letter of group) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) throw new RangeError('not a Z85 character');
    word = word * 85 + digit;
  }
  if (word > 0xffffffff) throw new RangeError('not a Z85 word');
  return word;
}

/** The bytes of a Z85 text. @throws RangeError */
export function z85Decode(text: string): Buffer {
  if (text.length % 5 !== 0) throw new RangeError('Z85 takes a multiple of 5 characters');
  const bytes = Buffer.alloc((text.length / 5) * 4);
  for (let at = 0; at * 5 < text.length; at += 1) {
    bytes.writeUInt32BE(wordOf(text.slice(at * 5, at * 5 + 5)), at * 4);
  }
  return bytes;
}
