/** Milliseconds since 1970 of a timestamp that may be missing. */
export const msOrUndefined = (timestamp: string | undefined): number | undefined =>
  timestamp === undefined ? undefined : Date.parse(timestamp);
