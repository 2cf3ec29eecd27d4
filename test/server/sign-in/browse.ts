/** An answer that a browser got, with the address where it ended up. */
export interface Visit {
  url: string;
  status: number;
  text: string;
}

/** The part of a browser that a sign-in needs: cookies of each host, and redirects. */
export interface Browser {
  /** Opens an address and follows redirects, at most until the address begins with `stopAt`. */
  open(url: string, stopAt?: string): Promise<Visit>;
  /** Posts as a page of this origin does. */
  post(url: string, headers?: Record<string, string>): Promise<Visit>;
  /** The attributes of every cookie that was set, by name. */
  readonly cookies: Map<string, string>;
  /** Sent with every request, as a proxy would. */
  headers: Record<string, string>;
}

export function createBrowser(): Browser {
  /** By host and name. */
  const jar = new Map<string, Map<string, string>>();
  const browser: Browser = {
    cookies: new Map(),
    headers: {},
    async open(url, stopAt) {
      for (let next = url; ; ) {
        if (stopAt !== undefined && next.startsWith(stopAt)) {
          return { url: next, status: 0, text: '' };
        }
        const response = await request(next, { headers: { Accept: 'text/html' } });
        const location = response.headers.get('location');
        if (!location) return { url: next, status: response.status, text: await response.text() };
        next = new URL(location, next).href;
      }
    },
    async post(url, headers = {}) {
      const { origin } = new URL(url);
      const response = await request(url, {
        method: 'POST',
        headers: { Origin: origin, ...headers },
      });
      return { url, status: response.status, text: await response.text() };
    },
  };

  async function request(url: string, { headers, ...init }: RequestInit): Promise<Response> {
    const { host } = new URL(url);
    const kept = jar.get(host) ?? new Map<string, string>();
    jar.set(host, kept);
    const cookie = [...kept].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      headers: { ...(headers as object), ...browser.headers, ...(cookie && { Cookie: cookie }) },
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = '', attributes = ''] = /^([^=]+)=([^;]*)(.*)$/.exec(line) ?? [];
      browser.cookies.set(name, attributes);
      if (value === '') kept.delete(name);
      else kept.set(name, value);
    }
    return response;
  }
  return browser;
}
