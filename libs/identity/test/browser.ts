/** Enough of a browser: keeps cookies by path, follows no redirect by itself, asks for pages. */
export class FakeBrowser {
  private readonly cookies = new Map<string, { value: string; path: string; name: string }>();

  /**
   * @param reach where the server really listens; addresses below `publicUrl` go there
   */
  constructor(
    private readonly publicUrl: string,
    private readonly reach: string = publicUrl,
    readonly headers: Record<string, string> = {},
  ) {}

  async get(url: string, more: Record<string, string> = {}): Promise<Visit> {
    return this.visit('GET', url, undefined, more);
  }

  async submit(url: string, form: Record<string, string>): Promise<Visit> {
    return this.visit('POST', url, new URLSearchParams(form));
  }

  /** Follows redirects until the platform, the LMS or a page is reached. */
  async follow(url: string, more: Record<string, string> = {}): Promise<Visit> {
    let visit = await this.get(url, more);
    for (let hops = 0; visit.location?.startsWith(this.publicUrl) && hops < 10; hops++) {
      visit = await this.get(visit.location, more);
    }
    return visit;
  }

  cookieNames(): string[] {
    return [...this.cookies.values()].map(({ name }) => name).sort();
  }

  private async visit(
    method: string,
    url: string,
    body: URLSearchParams | undefined,
    more: Record<string, string> = {},
  ): Promise<Visit> {
    if (!url.startsWith(this.publicUrl)) throw new Error(`left the host: ${url}`);
    const { pathname } = new URL(url);
    const cookie = [...this.cookies.values()]
      .filter(({ path }) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const response = await fetch(this.reach + url.slice(this.publicUrl.length), {
      method,
      body,
      redirect: 'manual',
      headers: {
        accept: 'text/html,application/xhtml+xml',
        ...(cookie === '' ? {} : { cookie }),
        ...this.headers,
        ...more,
      },
    });
    for (const set of response.headers.getSetCookie()) this.keep(set, pathname);
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      setCookies: response.headers.getSetCookie(),
      location: location === null ? null : new URL(location, url).href,
      text: await response.text(),
    };
  }

  private keep(set: string, pathname: string): void {
    const [pair = '', ...attributes] = set.split(/; */);
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const attribute = (key: string): string | undefined =>
      attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
    const path = attribute('path') ?? pathname;
    const expired = attribute('max-age') === '0' || Date.parse(attribute('expires') ?? '') < Date.now();
    if (expired) this.cookies.delete(`${name} ${path}`);
    else this.cookies.set(`${name} ${path}`, { name, value, path });
  }
}

export interface Visit {
  status: number;
  headers: Headers;
  setCookies: string[];
  /** Absolute; null when it was no redirect. */
  location: string | null;
  text: string;
}
