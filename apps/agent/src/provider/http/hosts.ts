/** The servers that the tools of a bundle may speak to. */
export interface Hosts {
  /** Whether requests may go to a URL: http or https, without a user, to a host and port that the bundle names. */
  allows(url: URL): boolean;
}

/** What is wrong with an entry of `hosts`; null when nothing is. An entry is `host` or `host:port`, as URLs write it. */
export function hostFault(entry: string): string | null {
  if (entry.includes('*')) return 'must be one host: each is named';
  const url = URL.parse(`https://${entry}/`);
  if (
    !url ||
    url.pathname !== '/' ||
    url.username !== '' ||
    url.password !== '' ||
    url.search + url.hash !== ''
  )
    return 'must be a host, or a host and a port';
  const { host } = url;
  return host === entry || `${host}:443` === entry ? null : `must be written ${host}`;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Hosts by their entries; one without a port means the usual port of the scheme. */
export function hostsOf(entries: readonly string[]): Hosts {
  const named = new Set(entries);
  const allows = ({ protocol, hostname, port, username, password }: URL): boolean => {
    const usual = DEFAULT_PORTS[protocol];
    if (usual === undefined || username !== '' || password !== '') return false;
    return (port === '' && named.has(hostname)) || named.has(`${hostname}:${port || usual}`);
  };
  return { allows };
}
