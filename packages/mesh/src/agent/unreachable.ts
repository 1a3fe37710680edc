/** No answer came: the router cannot be reached, does not answer in time, or does not let this key in. */
export class MeshUnreachable extends Error {
  override readonly name = 'MeshUnreachable';
}
