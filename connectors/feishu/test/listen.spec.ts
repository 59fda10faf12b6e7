import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type JsonObject, type PlatformEvent } from '@trainbridge/connector-kit';
import { ConnectorRuntime, validateConfig, type Exchange } from '@trainbridge/connector-runtime';
import connector from '../src/index.js';
import { encodeFrame, headerOf } from '../src/events/frame.js';
import { LongLine } from './long-line.js';

let line: LongLine;
let runtime: ConnectorRuntime;
let abort: AbortController;
let exchanges: Exchange[];
let warnings: string[];
let kept: { raw: JsonObject; event: PlatformEvent }[];
let emit: (raw: JsonObject, events: PlatformEvent[]) => Promise<void>;

beforeEach(async () => {
  line = await LongLine.start();
  abort = new AbortController();
  [exchanges, warnings, kept] = [[], [], []];
  emit = async (raw, events) => void kept.push(...events.map((event) => ({ raw, event })));
  runtime = new ConnectorRuntime({
    allowedNetworks: ['127.0.0.0/8', '::1/128'],
    onExchange: (exchange) => void exchanges.push(exchange),
    retry: { attempts: 2, baseMs: 1, maxMs: 5 },
  });
});
afterEach(async () => {
  abort.abort();
  await runtime.close();
  await line.close();
});

/** The real runtime with its web socket, as the host drives it. */
function listening(): Promise<void> {
  const validation = validateConfig(connector, {
    appId: 'cli_kat',
    appSecret: 'app-secret',
    verificationToken: 'vt-001',
    apiBaseUrl: line.origin,
  });
  if (!validation.ok) throw new Error(JSON.stringify(validation.errors));
  const context = runtime.contextFor({
    connector,
    connection: { id: 'con_1', config: validation.config, timezone: 'Asia/Shanghai', locale: 'zh-CN' },
    callbackUrl: null,
    signal: abort.signal,
    log: { debug: quiet, info: quiet, warn: (message) => void warnings.push(message) },
  });
  const ended = connector.events?.listen?.(context, { emit: (raw, events) => emit(raw, events) });
  if (!ended) throw new Error('it cannot listen');
  // Awaited where it matters; a failure before that is no unhandled one.
  ended.catch(quiet);
  return ended;
}

function quiet(): void {
  // Nobody reads it.
}

const message = (id: string, type = 'contact.user.updated_v3'): JsonObject => ({
  schema: '2.0',
  header: {
    event_id: id,
    event_type: type,
    create_time: '1700000000000',
    token: 'vt-001',
    app_id: 'cli_kat',
  },
  event: { object: { union_id: 'on_1', name: '赵一' } },
});

describe('the long connection', () => {
  it('is opened where the platform says, and an event is acknowledged after it was kept', async () => {
    let keep: () => void = quiet;
    emit = (raw, events) =>
      new Promise((resolve) => {
        keep = () => {
          kept.push(...events.map((event) => ({ raw, event })));
          resolve();
        };
      });
    const ended = listening();
    await line.event(message('e-1'));
    await line.until(() => keep !== quiet);
    expect(line.acks).toEqual([]);
    keep();
    await line.until(() => line.acks.length === 1);
    expect(line.asked).toEqual([
      { path: '/callback/ws/endpoint', AppID: 'cli_kat', AppSecret: 'app-secret' },
    ]);
    expect(kept).toMatchObject([{ event: { key: 'e-1', kind: 'user.changed', ids: ['on_1'] } }]);
    const [ack] = line.acks;
    expect(ack).toMatchObject({ id: 'm-1', code: 200 });
    // The same frame back, numbers beyond 2^53 included.
    expect(ack?.frame).toMatchObject({
      seqId: 9_007_199_254_740_995n,
      logId: 2n ** 64n - 1n,
      service: 33,
      logIdNew: 'log-1',
    });
    abort.abort();
    await ended;
  });

  it('keeps the message without its token, and no record has the address with its ticket', async () => {
    void listening();
    await line.event(message('e-1'));
    await line.until(() => line.acks.length === 1);
    expect(JSON.stringify(kept)).not.toContain('vt-001');
    expect(kept[0]?.raw).toMatchObject({
      header: { event_id: 'e-1' },
      event: { object: { union_id: 'on_1' } },
    });
    expect(exchanges).toHaveLength(1);
    expect(JSON.stringify([exchanges, warnings])).not.toMatch(/line-ticket|app-secret/);
  });

  it('puts parts together, in whatever order they come, and acknowledges once', async () => {
    void listening();
    await line.event(message('e-1'), { parts: 4, order: [2, 0, 3, 1] });
    await line.event(message('e-2', 'contact.user.created_v3'), { id: 'm-2' });
    await line.until(() => line.acks.length === 2);
    expect(kept.map(({ event }) => event.key)).toEqual(['e-1', 'e-2']);
    expect(line.acks.map(({ id }) => id)).toEqual(['m-1', 'm-2']);
  });

  it('what could not be kept, or is no message, is to be sent again; the connection goes on', async () => {
    emit = (raw, events) => {
      if (kept.length === 0 && warnings.length === 0)
        return Promise.reject(new Error('the database is away'));
      kept.push(...events.map((event) => ({ raw, event })));
      return Promise.resolve();
    };
    void listening();
    await line.event(message('e-1'));
    await line.event('no JSON', { id: 'm-2' });
    await line.event('[]', { id: 'm-3' });
    await line.event(message('e-1'), { id: 'm-4' });
    await line.until(() => line.acks.length === 4);
    expect(line.acks.map(({ code }) => code)).toEqual([500, 500, 500, 200]);
    expect(kept.map(({ event }) => event.key)).toEqual(['e-1']);
    expect(warnings.join()).not.toContain('database');
  });

  it('bytes that are no frame are passed over', async () => {
    void listening();
    await line.send(Buffer.from('08ff', 'hex'));
    await line.send(Buffer.alloc(0));
    await line.send(Buffer.from('not protobuf at all'));
    await line.send(
      encodeFrame({ seqId: 0n, logId: 0n, service: 33, method: 7, headers: [['type', 'event']] }),
    );
    await line.event(message('e-1'));
    await line.until(() => line.acks.length === 1);
    expect(kept).toHaveLength(1);
  });

  it('returns when the platform hangs up, and when the host has had enough', async () => {
    const first = listening();
    await line.event(message('e-1'));
    await line.until(() => line.acks.length === 1);
    line.hangUp();
    await expect(first).resolves.toBeUndefined();
    const second = listening();
    await line.until(() => line.pings.length === 2);
    abort.abort();
    await expect(second).resolves.toBeUndefined();
  });

  it('pings in the interval it was given, with the number of the connection', async () => {
    line.clientConfig = { PingInterval: 1 };
    void listening();
    await line.until(() => line.pings.length >= 2);
    expect(line.pings[1]).toMatchObject({ service: 33, method: 0, seqId: 0n, logId: 0n });
    expect(headerOf(line.pings[1]!, 'type')).toBe('ping');
  });

  it('a connection that answered and answers nothing any more is given up', async () => {
    line.clientConfig = { PingInterval: 0.001 };
    const ended = listening();
    await line.until(() => line.pings.length === 1);
    line.answersPings = false;
    await expect(ended).resolves.toBeUndefined();
    expect(line.pings).toHaveLength(3);
    expect(warnings.join()).toContain('silent');
  });

  it('one that never answered a ping is not judged by it', async () => {
    line.clientConfig = { PingInterval: 0.001 };
    line.answersPings = false;
    void listening();
    await line.until(() => line.pings.length >= 4);
    await line.event(message('e-1'));
    await line.until(() => line.acks.length === 1);
  });

  it.each([
    [{ code: 514, msg: 'auth failed' }, 'auth_failed'],
    [{ code: 1000040350, msg: 'too many' }, 'rate_limited'],
    [{ code: 1, msg: 'busy' }, 'unavailable'],
    [{ code: 0, data: {} }, 'bad_response'],
    [{ code: 0, data: { URL: 7 } }, 'bad_response'],
    [{ code: 0, data: { URL: 'http://127.0.0.1/' } }, 'internal'],
    [{ code: 0, data: { URL: 'ws://10.0.0.1/' } }, 'unavailable'],
  ])('%j ends with %s', async (answer, code) => {
    line.endpoint = () => answer;
    await expect(listening()).rejects.toMatchObject({ code });
  });
});
