const mostSteps = 15;

/** Where a browser arrived. */
export interface Arrival {
  url: string;
  /** `null` for an address the browser was to stop at: nothing was asked there. */
  status: number | null;
  text: string;
}

interface Cookie {
  origin: string;
  path: string;
  name: string;
  value: string;
}

/**
 * The browser of somebody who works at the company: keeps cookies by origin and path, follows redirects, and logs in as
 * this person wherever a simulated platform asks who it is.
 */
export class PersonBrowser {
  private cookies: Cookie[] = [];

  /**
   * @param sandboxUrl the sandbox's own, whose login pages are answered
   * @param account the company's account, which is everybody's userid
   * @param userAgent such as that of the platform's own client; absent: an ordinary browser
   */
  constructor(
    private readonly sandboxUrl: string,
    private readonly account: string,
    private readonly userAgent = 'Mozilla/5.0',
  ) {}

  /**
   * Goes to `url` and on wherever it is sent, until a page is shown or an address begins with `stopAt`: that one, such as
   * the LMS's own callback, is not opened.
   *
   * @throws Error when it is sent around in circles.
   */
  async goTo(url: string, stopAt: string): Promise<Arrival> {
    let at = url;
    for (let steps = 0; steps < mostSteps; steps += 1) {
      if (at.startsWith(stopAt)) return { url: at, status: null, text: '' };
      const target = this.loggedIn(new URL(at));
      const response = await fetch(target, {
        redirect: 'manual',
        headers: {
          accept: 'text/html,application/xhtml+xml',
          'user-agent': this.userAgent,
          cookie: this.cookiesFor(target),
        },
      });
      for (const line of response.headers.getSetCookie()) this.keep(line, target);
      const location = response.headers.get('location');
      if (location === null) return { url: at, status: response.status, text: await response.text() };
      await response.body?.cancel();
      at = new URL(location, target).href;
    }
    throw new Error(`redirected more than ${mostSteps} times, last to ${at}`);
  }

  private loggedIn(url: URL): URL {
    if (url.origin === new URL(this.sandboxUrl).origin && !url.searchParams.has('sandbox_user'))
      url.searchParams.set('sandbox_user', this.account);
    return url;
  }

  private cookiesFor({ origin, pathname }: URL): string {
    return this.cookies
      .filter(
        (one) =>
          one.origin === origin &&
          (pathname === one.path || pathname.startsWith(one.path.replace(/\/?$/, '/'))),
      )
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  private keep(line: string, { origin, pathname }: URL): void {
    const [pair = '', ...attributes] = line.split(/; */);
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const attribute = (key: string): string | undefined =>
      attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1);
    const path = attribute('path') ?? pathname;
    const isOver = attribute('max-age') === '0' || Date.parse(attribute('expires') ?? '') < Date.now();
    this.cookies = this.cookies.filter(
      (one) => one.origin !== origin || one.name !== name || one.path !== path,
    );
    if (!isOver) this.cookies.push({ origin, path, name, value });
  }
}
