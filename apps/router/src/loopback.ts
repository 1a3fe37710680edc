/** Whether an address leads nowhere but to the machine it is read on. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || host.startsWith('127.');
