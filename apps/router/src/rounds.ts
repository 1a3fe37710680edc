/**
 * Runs work for a key one round at a time; what is asked for while a round runs is taken up by one more. Resolves
 * when the rounds of the key have ended, at once for who asks meanwhile. The work does not throw.
 */
export function createRounds<Key>(work: (key: Key) => Promise<void>): (key: Key) => Promise<void> {
  const askedAgain = new Map<Key, boolean>();
  return async (key) => {
    if (askedAgain.has(key)) {
      askedAgain.set(key, true);
      return;
    }
    do {
      askedAgain.set(key, false);
      await work(key);
    } while (askedAgain.get(key));
    askedAgain.delete(key);
  };
}
