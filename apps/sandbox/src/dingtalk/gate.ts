import { setMaxListeners } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ActivityLog } from '../activity-log.js';
import type { CallCounter } from '../call-counter.js';
import type { Fault, FaultBoard } from '../faults/faults.js';
import { sendHalf, spoilTransport } from '../faults/spoiled-answer.js';
import { sendJson } from '../http/answers.js';
import { BodyTooLarge, readBody } from '../http/body.js';
import { NewApiError, newAnswer, OldApiError, oldAnswer, oldRequestId, Refusal, unknownMethod, unknownPath } from './api-error.js'; // prettier-ignore
import { admitsAddress } from './app.js';
import { routeOf, type Route } from './endpoints/index.js';
import type { LimitKeeper } from './limits.js';
import { RawAnswer } from './raw-answer.js';
import { bodyOf } from './request-body.js';
import { spoiledPayload } from './spoiled-payload.js';
import type { Optics } from './visibility.js';
import type { DingtalkWorld } from './world.js';

const largestRequest = 1024 * 1024;

interface Answer {
  status: number;
  body: Buffer;
  contentType?: string;
  /** 0 for a success, else the effective code. */
  code: number | string;
}

/** Everything a call passes before and after its endpoint: tokens, permissions, addresses, limits, faults, the style of its generation. */
export class DingtalkGate {
  private readonly closing = new AbortController();

  constructor(
    private readonly world: DingtalkWorld,
    private readonly optics: Optics,
    private readonly limits: LimitKeeper,
    private readonly faults: FaultBoard,
    private readonly calls: CallCounter,
    private readonly log: ActivityLog,
  ) {
    // Every slow or hanging call waits for it; any number may.
    setMaxListeners(0, this.closing.signal);
  }

  /** Answers one request to either host. */
  async handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const route = routeOf(request.method ?? 'GET', url.pathname);
    if (route === undefined) {
      const old = !url.pathname.startsWith('/v1.0/');
      return sendJson(response, (old ? unknownMethod(url.pathname) : unknownPath(url.pathname)).body);
    }
    const started = performance.now();
    const end = this.calls.begin(route.name);
    const struck = this.faults.strike(route.name);
    const finish = (code: number | string): void => {
      end(code);
      this.log.add({
        source: 'call',
        title: `${request.method ?? ''} ${route.endpoint.path}`,
        outcome: code === 0 ? 'ok' : 'warning',
        detail: code === 0 ? 'ok' : String(code),
        durationMs: Math.round(performance.now() - started),
      });
    };
    // Whoever hangs up in the middle ends the call too.
    response.once('close', () => end('aborted'));
    const spoiled = await spoilTransport(struck, response, this.closing.signal);
    if (spoiled !== undefined) return finish(`fault: ${spoiled}`);
    const answer = await this.answer(route, request, url, struck);
    finish(answer.code);
    const half = struck.find((fault) => fault.kind === 'half_json');
    if (half !== undefined) return sendHalf(response, answer.body, half.cut ?? false);
    if (route.endpoint.generation === 'new' && this.world.facts.requestIdHeader)
      response.setHeader('x-acs-request-id', oldRequestId());
    sendJson(response, answer.body, answer.status, answer.contentType);
  }

  /** Lets hanging calls go. */
  close(): void {
    this.closing.abort();
  }

  private async answer(
    route: Route,
    request: IncomingMessage,
    url: URL,
    struck: readonly Fault[],
  ): Promise<Answer> {
    const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    // What guards the hosts against floods answers in a form of its own (call-frequency-limit).
    if (!this.limits.admits(address))
      return json({ status: 1111, wait: 5, source: 'x5', punish: 'deny', uuid: oldRequestId() }, 200, '1111');
    const { endpoint } = route;
    const { facts } = this.world;
    try {
      const bytes = await readBody(request, largestRequest).catch((error: unknown) => {
        if (!(error instanceof BodyTooLarge)) throw error;
        throw endpoint.generation === 'old'
          ? new OldApiError(400002, 'the body is too large')
          : new NewApiError('invalidParameter', 'the body is too large');
      });
      const payload = await this.call(route, request, url, bytes, address, struck);
      if (payload instanceof RawAnswer)
        return { status: 200, body: Buffer.from(payload.body), contentType: payload.contentType, code: 0 };
      const whole = spoiledPayload(payload as Record<string, unknown>, struck);
      if (endpoint.generation === 'new') return json(whole, 200, 0);
      const errmsg = facts.errmsgOnSuccess === 'present' ? { errmsg: 'ok' } : {};
      return json({ errcode: 0, ...errmsg, ...whole, request_id: oldRequestId() }, 200, 0);
    } catch (error) {
      if (endpoint.generation === 'old') {
        const refused = error instanceof NewApiError ? new OldApiError(-1, error.message) : error;
        if (!(refused instanceof OldApiError || refused instanceof Refusal)) throw error;
        const { status, body, label } = oldAnswer(refused, facts, endpoint.bare ?? false);
        return json(body, status, label);
      }
      if (!(error instanceof NewApiError || error instanceof Refusal)) throw error;
      const { status, body, label } = newAnswer(error, facts);
      return json(body, status, label);
    }
  }

  private async call(
    route: Route,
    request: IncomingMessage,
    url: URL,
    bytes: Buffer,
    address: string,
    struck: readonly Fault[],
  ): Promise<unknown> {
    const { endpoint, name, path } = route;
    const { world } = this;
    if (endpoint.generation === 'old' && request.method !== endpoint.method)
      throw new OldApiError(endpoint.method === 'POST' ? 43002 : 40035);
    const body = endpoint.method === 'GET' ? {} : bodyOf(bytes, request.headers, endpoint.generation);
    const kind = endpoint.token ?? 'app';
    const token =
      endpoint.generation === 'new'
        ? request.headers['x-acs-dingtalk-access-token']
        : (url.searchParams.get('access_token') ?? body.access_token);
    const visitor = kind === 'user' ? world.userTokens.verify(token) : undefined;
    if (kind === 'app') world.tokens.verify(token);
    if (kind !== 'none' && world.app.stopped) throw new Refusal('app_stopped', 'the app is stopped');
    if (kind !== 'none' || world.facts.tokenIpChecked) this.requireAddress(address);
    this.limits.countCall(name);
    throwStruck(struck, endpoint.generation);
    if (endpoint.scope !== undefined && !world.app.scopes.includes(endpoint.scope))
      throw missingScope(endpoint.scope);
    if (endpoint.free !== true) this.limits.countQuota();
    const lens = this.optics.lens(world.app.range, struck);
    const { searchParams: query } = url;
    return endpoint.handle(
      { endpoint: name, path, query, body, headers: request.headers, visitor, faults: struck, lens },
      world,
    );
  }

  private requireAddress(address: string): void {
    const { serverIps, clientId } = this.world.app;
    if (serverIps === null || admitsAddress(serverIps, address)) return;
    throw new Refusal(
      'address_unknown',
      `request ip=${address} is not in the list of the app, appKey(${clientId})`,
    );
  }
}

function json(body: Record<string, unknown>, status: number, code: number | string): Answer {
  return { status, body: Buffer.from(JSON.stringify(body)), code };
}

function missingScope(scope: string): Refusal {
  const apply = 'https://open-dev.dingtalk.com/appscope/apply?content=sandbox';
  return new Refusal(
    'scope_missing',
    `the app has not applied for the permission, apply at ${apply} {requiredScopes=[${scope}]}`,
    [scope],
  );
}

/** Codes that faults put in an endpoint's place. In the old style a number is `errcode`, digits in a text are `sub_code`. */
function throwStruck(struck: readonly Fault[], generation: 'old' | 'new'): void {
  for (const fault of struck) {
    if (fault.kind === 'rate_limit') throw new Refusal('throttled', 'too many calls, penalty 1 s');
    if (fault.kind === 'concurrency') throw new Refusal('throttled_everybody', 'too many calls of everybody');
    if (fault.kind !== 'errcode') continue;
    if (generation === 'old')
      throw new OldApiError(oldCode(fault.code), 'set by a fault', typeof fault.code === 'string');
    throw new NewApiError(String(fault.code), 'set by a fault', fault.status ?? 400);
  }
}

/** Words mean nothing to the old API: there they come out as "busy". */
function oldCode(code: number | string): number {
  const number = Number(code);
  return Number.isInteger(number) ? number : -1;
}
