import { parseSetCookie } from 'cookie';

/** What a browser does with addresses: it keeps the cookies of each host and goes where it is sent. */
export class CookieBrowser {
  readonly #jars = new Map<string, Map<string, string>>();
  /** The raw `Set-Cookie` lines that were seen, oldest first. */
  readonly setCookies: string[] = [];

  /** One request, without following what it answers. */
  async visit(address: string | URL): Promise<{ status: number; location: URL | undefined; text: string }> {
    const url = new URL(address);
    const jar = this.jar(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      this.setCookies.push(line);
      const { name, value = '', expires, maxAge } = parseSetCookie(line);
      if (maxAge === 0 || (expires && expires.getTime() <= Date.now())) jar.delete(name);
      else jar.set(name, value);
    }
    const to = response.headers.get('location');
    return { status: response.status, location: to ? new URL(to, url) : undefined, text: await response.text() };
  }

  /** Follows redirects while `goes` says so of the next address; returns the one where it stopped. */
  async follow(address: string | URL, goes: (next: URL) => boolean): Promise<URL> {
    let at = new URL(address);
    for (let steps = 0; steps < 20 && goes(at); steps += 1) {
      const { location, status, text } = await this.visit(at);
      if (!location) throw new Error(`${at.href} answers ${status} and leads nowhere: ${text.slice(0, 300)}`);
      at = location;
    }
    return at;
  }

  jar({ host }: URL): Map<string, string> {
    const jar = this.#jars.get(host) ?? new Map<string, string>();
    this.#jars.set(host, jar);
    return jar;
  }
}
