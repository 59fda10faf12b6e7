import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '@trainbridge/connector-kit';

/** The other side: as much of the OA as the connector speaks to, with switches for what can go wrong. */
export class AcmeOa {
  employees: JsonObject[] = [];
  secret = 'acme-secret-1';
  allowed = true;
  tokens = 0;
  #valid = '';
  #tooMany = 0;

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async start(): Promise<AcmeOa> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const oa = new AcmeOa(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', oa.origin);
        const body = Buffer.concat(chunks).toString();
        const answer = oa.#answer(url, request.headers.authorization, body);
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
      });
    });
    return oa;
  }

  /** The next calls, this many, are too many. */
  limitRate(calls: number): void {
    this.#tooMany = calls;
  }

  revokeToken(): void {
    this.#valid = '';
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #answer(url: URL, authorization: string | undefined, body: string): JsonObject {
    if (url.pathname === '/api/token') {
      if ((JSON.parse(body) as { secret: string }).secret !== this.secret)
        return refuse('bad_client', 'wrong secret');
      this.tokens += 1;
      this.#valid = `acme-token-${this.tokens}`;
      return { ok: true, token: this.#valid, expiresIn: 3600 };
    }
    if (this.#valid === '' || authorization !== `Bearer ${this.#valid}`)
      return refuse('token_expired', 'log in again');
    if (this.#tooMany > 0) {
      this.#tooMany -= 1;
      return refuse('too_many_requests', 'slower');
    }
    if (!this.allowed) return refuse('forbidden', 'no right to read employees');
    const one = /^\/api\/employees\/(.+)$/.exec(url.pathname);
    if (one) {
      const employee = this.employees.find(({ id }) => id === decodeURIComponent(one[1] ?? ''));
      return employee ? { ok: true, employee } : refuse('not_found', 'no such employee');
    }
    const department = url.searchParams.get('department');
    const matching = this.employees.filter(
      (employee) => department === null || employee['department'] === department,
    );
    const [page, size] = [Number(url.searchParams.get('page')), Number(url.searchParams.get('size'))];
    return { ok: true, total: matching.length, employees: matching.slice((page - 1) * size, page * size) };
  }
}

function refuse(error: string, message: string): JsonObject {
  return { ok: false, error, message, requestId: 'rq-1' };
}
