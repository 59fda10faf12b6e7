import { ConnectorError, defineConnector, type PlatformEvent } from '@trainbridge/connector-kit';

interface Frame {
  id: string;
  events: (Pick<PlatformEvent, 'key' | 'kind' | 'ids'> & { data?: PlatformEvent['data'] })[];
}

/** Where an activation hangs, whatever its signal says. */
export const hanging = new Set<string>();

/** A platform made for these tests: events come over a web socket, and each frame waits for `ack:<id>`. */
export default defineConnector({
  manifest: {
    id: 'listening',
    contractVersion: '1.0',
    name: { en: 'Listening', 'zh-CN': '长连接' },
    allowedHosts: [{ fromConfig: 'baseUrl' }],
    rateLimits: [],
    maxConcurrency: 4,
    events: { delivery: ['callback', 'listen'], callbackKeys: ['signingKey'], listenKeyFrom: ['app'] },
  },
  configSchema: {
    type: 'object',
    additionalProperties: false,
    required: ['baseUrl'],
    properties: {
      baseUrl: { type: 'string', title: 'Base URL', format: 'origin' },
      ticket: { type: 'string', title: 'Ticket', writeOnly: true, default: 'ticket-0001' },
      signingKey: { type: 'string', title: 'Signing key', writeOnly: true },
      app: { type: 'string', title: 'App' },
      forms: { type: 'string', title: 'Forms', default: 'known' },
    },
  },
  tokens: {},
  classify: () => ({ outcome: 'ok' }),
  check: async () => [],
  events: {
    receive: async () => {
      throw new ConnectorError('input_invalid', 'no callbacks');
    },
    async listen(context, { emit }) {
      const url = `${context.config.baseUrl.replace('http', 'ws')}/socket?ticket=${context.config.ticket}`;
      const socket = await context.webSocket(url);
      for await (const message of socket.messages()) {
        if (!('text' in message)) continue;
        const frame = JSON.parse(message.text) as Frame;
        const events = frame.events.map((event) => ({ data: {}, ...event, time: context.now() }));
        await emit({ id: frame.id }, events);
        await socket.send({ text: `ack:${frame.id}` });
      }
    },
    async activate({ config }) {
      if (config.forms === 'hangs') {
        hanging.add(config.baseUrl);
        await new Promise(() => undefined);
      }
      if (config.forms === 'refused') {
        throw new ConnectorError('permission_denied', `no right, says ${config.ticket}`, {
          advice: { en: 'Grant it.', 'zh-CN': '请授权。' },
        });
      }
      return [{ step: 'forms', ok: true, message: { en: 'Subscribed.', 'zh-CN': '已订阅。' } }];
    },
  },
});
