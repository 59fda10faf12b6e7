import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityLog } from '../activity-log.js';
import type { CallCounter } from '../call-counter.js';
import type { Fault, FaultBoard } from '../faults/faults.js';
import { spoilRecords } from '../faults/spoil-records.js';
import { sendHalf, spoilTransport } from '../faults/spoiled-answer.js';
import { sendJson, sendText } from '../http/answers.js';
import { BodyTooLarge, parseObject, readBody } from '../http/body.js';
import { errorMessage, WecomApiError } from './api-error.js';
import { trustedIpsOf, type Principal, type TokenRegistry } from './credentials.js';
import { endpoints } from './endpoints/index.js';
import type { LimitKeeper } from './limits.js';
import type { WecomAnswer, WecomEndpoint, WecomWorld } from './world.js';

const largestRequest = 1024 * 1024;
const okHead = Buffer.from('{"errcode":0');

/** Everything a call passes before and after its endpoint: tokens, addresses, limits, faults, the envelope. */
export class WecomGate {
  private readonly closing = new AbortController();

  constructor(
    private readonly world: WecomWorld,
    private readonly tokens: TokenRegistry,
    private readonly limits: LimitKeeper,
    private readonly faults: FaultBoard,
    private readonly calls: CallCounter,
    private readonly log: ActivityLog,
  ) {
    // Every slow or hanging call waits for it; any number may.
    setMaxListeners(0, this.closing.signal);
  }

  /** Answers one request to `/cgi-bin/…`. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const name = url.pathname.slice('/cgi-bin/'.length);
    if (name !== 'gettoken' && !endpoints.has(name)) return sendText(response, '404 page not found', 404);
    const started = performance.now();
    const end = this.calls.begin(name);
    const struck = this.faults.strike(name);
    const finish = (code: number | string): void => {
      end(code);
      const durationMs = Math.round(performance.now() - started);
      const outcome = code === 0 ? 'ok' : typeof code === 'number' ? 'warning' : 'error';
      const detail =
        code === 0 ? 'errcode 0' : typeof code === 'number' ? `errcode ${code}` : `fault: ${code}`;
      this.log.add({ source: 'call', title: `${request.method ?? ''} ${name}`, outcome, detail, durationMs });
    };
    const leave = this.limits.enter(name);
    // Whoever hangs up in the middle ends the call too.
    response.once('close', () => {
      leave?.();
      end('aborted');
    });
    const spoiled =
      leave === undefined ? undefined : await spoilTransport(struck, response, this.closing.signal);
    if (spoiled !== undefined) return finish(spoiled);
    const crowded: Fault[] = leave === undefined ? [{ kind: 'concurrency' }] : [];
    const { body, code } = await this.answer(name, request, url, [...crowded, ...struck]);
    finish(code);
    const half = struck.find((fault) => fault.kind === 'half_json');
    if (half !== undefined) sendHalf(response, body, half.cut ?? false);
    else sendJson(response, body);
  }

  /** Lets hanging calls go. */
  close(): void {
    this.closing.abort();
  }

  private async answer(
    name: string,
    request: IncomingMessage,
    url: URL,
    struck: readonly Fault[],
  ): Promise<{ body: Buffer; code: number }> {
    const ip = addressOf(request);
    try {
      const bytes = request.method === 'POST' ? await readBody(request, largestRequest) : undefined;
      const answer =
        name === 'gettoken'
          ? this.getToken(url.searchParams, ip, struck)
          : this.call(name, request.method ?? 'GET', url.searchParams, bytes, ip, struck);
      return { body: finished(answer, struck), code: 0 };
    } catch (error) {
      const refused = error instanceof BodyTooLarge ? new WecomApiError(45002) : error;
      if (!(refused instanceof WecomApiError)) throw error;
      const errmsg = errorMessage(refused, ip, this.world.now(), this.world.facts.hintForm);
      return {
        body: Buffer.from(JSON.stringify({ errcode: refused.errcode, errmsg })),
        code: refused.errcode,
      };
    }
  }

  /** Sheet 1.1. */
  private getToken(query: URLSearchParams, ip: string, struck: readonly Fault[]): WecomAnswer {
    throwStruck(struck);
    this.limits.checkAddress(ip);
    const corpId = query.get('corpid');
    const secret = query.get('corpsecret');
    if (corpId === null || corpId === '') throw new WecomApiError(41002);
    if (secret === null || secret === '') throw new WecomApiError(41004);
    if (corpId !== this.world.corpId) throw new WecomApiError(40013);
    const principal = this.principalOf(secret);
    if (principal === undefined) {
      this.limits.countWrongSecret(ip);
      throw new WecomApiError(40001);
    }
    if (this.world.facts.gettokenIpChecked) requireTrusted(principal, ip);
    this.limits.countCall('gettoken');
    const { token, expiresIn } = this.tokens.issue(principal);
    const payload = { access_token: token, expires_in: expiresIn };
    if (this.world.facts.gettokenErrcode === 'present') return payload;
    return Buffer.from(JSON.stringify(payload));
  }

  private call(
    name: string,
    method: string,
    query: URLSearchParams,
    bytes: Buffer | undefined,
    ip: string,
    struck: readonly Fault[],
  ): WecomAnswer {
    const principal = this.tokens.verify(query.get('access_token'));
    if (principal.kind === 'app' && principal.app.disabled) throw new WecomApiError(50003);
    requireTrusted(principal, ip);
    // Messages have limits of their own, and the exchange of a good login code is free (sheet 8).
    const isLogin = name === 'auth/getuserinfo' && this.world.logins.isGood(query.get('code'));
    if (!isLogin && name !== 'message/send') this.limits.countCall(name);
    throwStruck(struck);
    const endpoint = endpoints.get(name) as WecomEndpoint;
    // 40058 is also what a GET to a POST endpoint gets (sheet 1.2).
    if (endpoint.method === 'POST' && method !== 'POST')
      throw new WecomApiError(endpoint.wrongMethodCode ?? 40058);
    const body = bytes === undefined || bytes.length === 0 ? {} : parseObject(bytes);
    if (body === undefined) throw new WecomApiError(40063, 'Warning: wrong json format. ');
    const lens = this.world.optics.lens(principal, struck);
    return endpoint.handle({ endpoint: name, principal, query, body, faults: struck, lens }, this.world);
  }

  private principalOf(secret: string): Principal | undefined {
    if (secret === this.world.contacts.secret) return { kind: 'contacts', contacts: this.world.contacts };
    const app = this.world.apps.find((candidate) => candidate.secret === secret);
    return app === undefined || app.disabled ? undefined : { kind: 'app', app };
  }
}

/** Codes that faults put in an endpoint's place. */
function throwStruck(struck: readonly Fault[]): void {
  for (const fault of struck) {
    if (fault.kind === 'rate_limit') throw new WecomApiError(45009);
    if (fault.kind === 'concurrency') throw new WecomApiError(45033);
    if (fault.kind === 'errcode') throw new WecomApiError(Number(fault.code));
  }
}

function requireTrusted(principal: Principal, ip: string): void {
  const trusted = trustedIpsOf(principal);
  if (trusted !== null && !trusted.includes(ip)) throw new WecomApiError(60020);
}

function finished(answer: WecomAnswer, struck: readonly Fault[]): Buffer {
  const spoils = struck.some(
    (fault) => fault.kind === 'missing_fields' || fault.kind === 'duplicate_records',
  );
  if (!spoils && Buffer.isBuffer(answer)) return answer;
  const payload = Buffer.isBuffer(answer)
    ? (JSON.parse(answer.toString('utf8')) as Record<string, unknown>)
    : answer;
  const bare = Buffer.isBuffer(answer) && !answer.subarray(0, okHead.length).equals(okHead);
  const spoiled = spoils ? spoilRecords(payload, struck) : payload;
  return Buffer.from(JSON.stringify(bare ? spoiled : { errcode: 0, errmsg: 'ok', ...spoiled }));
}

function addressOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}
