import { createHash } from 'node:crypto';
import { ConnectorError } from '@trainbridge/connector-kit';

const MAX_PAGES = 200_000;
const MAX_EMPTY_PAGES_IN_A_ROW = 50;

/**
 * Ends a walk that would never end, or that does not move: a cursor that comes again, a page that comes again under
 * another cursor, empty pages without end. A platform that repeats pages may as well skip some, so nothing it says may
 * remove anybody. Memory stays flat: one earlier page is remembered, a later one each time the distance has doubled
 * (Brent), which finds a loop of any length.
 */
export class PageGuard {
  private pages = 0;
  private emptyInARow = 0;
  private lastContent = '';
  private landmark: { cursor: string | null; content: string } | null = null;
  private nextLandmark = 1;

  /** @throws {ConnectorError} `bad_response` when the walk goes in circles. */
  check(nextCursor: string | null, items: readonly Item[]): void {
    this.pages += 1;
    this.emptyInARow = items.length === 0 ? this.emptyInARow + 1 : 0;
    const content = items.length === 0 ? '' : fingerprint(items);
    if (content !== '' && content === this.lastContent)
      throw circling('the platform answered the same page twice');
    if (nextCursor !== null && nextCursor === this.landmark?.cursor)
      throw circling('the cursor came round again');
    if (content !== '' && content === this.landmark?.content) throw circling('the pages came round again');
    if (this.emptyInARow > MAX_EMPTY_PAGES_IN_A_ROW) throw circling('the pages stay empty and do not end');
    if (this.pages > MAX_PAGES) throw circling(`more than ${MAX_PAGES} pages`);
    this.lastContent = content;
    if (this.pages === this.nextLandmark) {
      this.landmark = { cursor: nextCursor, content };
      this.nextLandmark *= 2;
    }
  }
}

interface Item {
  externalId?: string;
  memberships?: unknown;
  idOnly?: true;
}

/**
 * Memberships belong to it: a listing of pairs may honestly show the same people again for their next department. So does
 * `idOnly`: a small company's attributes and its ids, from two sources, are two pages about the same things.
 */
function fingerprint(items: readonly (Item | null)[]): string {
  const hash = createHash('md5');
  for (const item of items) {
    hash.update(`${item?.externalId}\0${item?.idOnly}\0${JSON.stringify(item?.memberships)}\0`);
  }
  return hash.digest('base64');
}

function circling(message: string): ConnectorError {
  return new ConnectorError('bad_response', message);
}
