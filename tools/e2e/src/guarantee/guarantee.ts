/** One promise the mesh makes, in a sentence somebody could hold us to, and where it comes from. */
export interface Guarantee {
  readonly says: string;
  readonly from: 'product' | 'approvals' | 'mesh' | 'api' | 'reliability' | 'mcp' | 'newcomer';
}
