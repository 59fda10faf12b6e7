import { setMaxListeners } from 'node:events';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityLog } from '../activity-log.js';
import type { CallCounter } from '../call-counter.js';
import type { Fault, FaultBoard } from '../faults/faults.js';
import { spoilRecords } from '../faults/spoil-records.js';
import { sendHalf, spoilTransport } from '../faults/spoiled-answer.js';
import { sendJson } from '../http/answers.js';
import { BodyTooLarge, parseObject, readBody } from '../http/body.js';
import { errorBody, FeishuApiError, invalidField, statusOf } from './api-error.js';
import { route } from './endpoints/index.js';
import { rateHeaders } from './limits.js';
import { grantsAny } from './scopes.js';
import { bearer, type Principal } from './tokens.js';
import { scopeMissing, type FeishuCall, type FeishuEndpoint, type FeishuWorld } from './world.js';

const largestRequest = 2 * 1024 * 1024;

interface Finished {
  status: number;
  code: number;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

/** Everything a call passes before and after its endpoint: tokens, addresses, scopes, limits, faults, the envelope. */
export class FeishuGate {
  private readonly closing = new AbortController();

  constructor(
    private readonly world: FeishuWorld,
    private readonly faults: FaultBoard,
    private readonly calls: CallCounter,
    private readonly log: ActivityLog,
  ) {
    // Every slow or hanging call waits for it; any number may.
    setMaxListeners(0, this.closing.signal);
  }

  /** Answers one call; `path` stands below `/open-apis/`. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL, path: string): Promise<void> {
    const method = request.method ?? 'GET';
    const routed = route(method, path);
    const name = typeof routed === 'object' ? routed.endpoint.path : path;
    const started = performance.now();
    const end = this.calls.begin(name);
    const struck = typeof routed === 'object' ? this.faults.strike(name) : [];
    const finish = (code: number | string): void => {
      end(code);
      const outcome = code === 0 ? 'ok' : typeof code === 'number' ? 'warning' : 'error';
      const detail = typeof code === 'number' ? `code ${code}` : `fault: ${code}`;
      const durationMs = Math.round(performance.now() - started);
      this.log.add({ source: 'call', title: `飞书 ${method} ${name}`, outcome, detail, durationMs });
    };
    // Whoever hangs up in the middle ends the call too.
    response.once('close', () => {
      if (!response.writableFinished) end('aborted');
    });
    const spoiled = await spoilTransport(struck, response, this.closing.signal);
    if (spoiled !== undefined) return finish(spoiled);
    const { status, code, body, headers } = await this.answer(request, url, routed, name, struck);
    finish(code);
    const bytes = Buffer.from(JSON.stringify(body));
    const half = struck.find((fault) => fault.kind === 'half_json');
    if (half !== undefined) return sendHalf(response, bytes, half.cut ?? false);
    for (const [header, value] of Object.entries(headers)) response.setHeader(header, value);
    sendJson(response, bytes, status, 'application/json; charset=utf-8');
  }

  /** Lets hanging calls go. */
  close(): void {
    this.closing.abort();
  }

  private async answer(
    request: IncomingMessage,
    url: URL,
    routed: ReturnType<typeof route>,
    name: string,
    struck: readonly Fault[],
  ): Promise<Finished> {
    const logId = `${new Date(this.world.now()).toISOString().replace(/\D/g, '').slice(0, 14)}${randomBytes(9).toString('hex').toUpperCase()}`;
    const headers: Record<string, string> = { 'x-tt-logid': logId, 'x-request-id': logId };
    try {
      const bytes = await readBody(request, largestRequest);
      if (routed === undefined) throw new FeishuApiError(99991201);
      if (routed === 'method') throw new FeishuApiError(99991301);
      const { endpoint, params } = routed;
      const principal = this.admit(endpoint, request, struck);
      const call: FeishuCall = {
        endpoint: name,
        principal,
        params,
        query: url.searchParams,
        body: bodyOf(bytes),
        faults: struck,
        lens: this.world.optics.lens(struck),
        host: request.headers.host ?? '',
      };
      const payload = await endpoint.handle(call, this.world);
      spoil(payload, struck);
      const body = endpoint.flat ? payload : { code: 0, msg: 'success', data: payload };
      // The bootstrap of the long connection says its refusals in a finished body.
      return { status: 200, code: typeof body.code === 'number' ? body.code : 0, body, headers };
    } catch (error) {
      const refused =
        error instanceof BodyTooLarge ? invalidField('body', '', 'the body is too large') : error;
      if (!(refused instanceof FeishuApiError)) throw error;
      const { facts } = this.world;
      return {
        status: statusOf(refused, name, facts),
        code: refused.code,
        body: errorBody(refused, logId, facts),
        headers: { ...headers, ...refused.detail.headers },
      };
    }
  }

  /** Who is calling, if the call may pass: token, address, scope and rate, in this order. */
  private admit(endpoint: FeishuEndpoint, request: IncomingMessage, struck: readonly Fault[]): Principal {
    const { app, rates } = this.world;
    const { path, token, scopes, rate } = endpoint;
    if (token === 'none') {
      throwStruck(struck, path);
      return { kind: 'tenant' };
    }
    const principal = this.principalOf(endpoint, request.headers.authorization);
    if (!app.enabled) throw new FeishuApiError(99991662);
    if (app.trustedIps !== null && !app.trustedIps.includes(addressOf(request)))
      throw new FeishuApiError(99991401);
    if (scopes !== undefined && !grantsAny(app.scopes, scopes)) throw scopeMissing(scopes);
    if (principal.kind === 'user' && scopes !== undefined && !grantsAny(principal.scopes, scopes)) {
      const violations = scopes.map((subject) => ({ type: 'action_privilege_required', subject }));
      throw new FeishuApiError(99991679, { violations });
    }
    if (rate !== undefined) rates.countCall(path, rate);
    throwStruck(struck, path);
    return principal;
  }

  private principalOf(endpoint: FeishuEndpoint, header: string | undefined): Principal {
    const { tenantTokens, sessions } = this.world;
    const token = bearer(header);
    const isTenant = /^[ta]-/.test(token);
    if (isTenant && endpoint.token !== 'user' && tenantTokens.knows(token)) return { kind: 'tenant' };
    const holder = isTenant || endpoint.token === 'tenant' ? undefined : sessions.holder(token);
    if (holder !== undefined) return { kind: 'user', person: holder.person, scopes: holder.scopes };
    // The same code says "ended" and "this interface takes no token of this kind".
    throw new FeishuApiError(endpoint.badTokenCode ?? (isTenant ? 99991663 : 99991668));
  }
}

/** Codes that faults put in an endpoint's place. */
function throwStruck(struck: readonly Fault[], path: string): void {
  for (const fault of struck) {
    if (fault.kind === 'rate_limit') throw new FeishuApiError(99991400, { headers: rateHeaders(50, 1) });
    if (fault.kind === 'concurrency') {
      // Only tables have a limit of writes at one time; elsewhere too many at once are too many a second.
      if (path.startsWith('bitable/')) throw new FeishuApiError(1254291);
      throw new FeishuApiError(99991400, { headers: rateHeaders(50, 1) });
    }
    if (fault.kind === 'errcode') throw new FeishuApiError(Number(fault.code));
  }
}

/** Records stand in lists; the one of an answer about a single person or department is spoiled like a list of one. */
function spoil(payload: Record<string, unknown>, struck: readonly Fault[]): void {
  const single = payload.user ?? payload.department;
  spoilRecords(single === undefined ? payload : { items: [single] }, struck);
}

function bodyOf(bytes: Buffer): Record<string, unknown> {
  const body = bytes.length === 0 ? {} : parseObject(bytes);
  if (body === undefined) throw invalidField('body', '', 'the body is not a JSON object');
  return body;
}

function addressOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}
