/** Calls at the end of this turn of the event loop: what has arrived by now has been read then. */
export const atTurnEnd = (call: () => void): void => void setImmediate(call);
