import { label, type ConfigOf, type ConfigSchema } from '@trainbridge/connector-kit';

/**
 * The one description of the configuration: the host validates with it, the API publishes it, forms are drawn from it,
 * and `Config` below is inferred from it.
 */
export const configSchema = {
  type: 'object',
  properties: {
    baseUrl: {
      type: 'string',
      // Scheme and host, no path: checked by the host.
      format: 'origin',
      // Defines which company this is: cannot be changed on an existing connection.
      'x-identity': true,
      ...label(
        { en: 'Address of the OA', 'zh-CN': 'OA 地址' },
        {
          en: 'Scheme and host, such as https://oa.acme.example',
          'zh-CN': '协议和主机名，例如 https://oa.acme.example',
        },
      ),
    },
    client: {
      type: 'string',
      minLength: 1,
      'x-identity': true,
      ...label({ en: 'API client', 'zh-CN': 'API 客户端' }),
    },
    secret: {
      type: 'string',
      minLength: 1,
      // A secret: encrypted at rest, redacted from every record, never returned by the API.
      writeOnly: true,
      ...label({ en: 'API secret', 'zh-CN': 'API 密钥' }),
    },
    webhookSecret: {
      type: 'string',
      minLength: 1,
      writeOnly: true,
      ...label(
        { en: 'Webhook secret', 'zh-CN': '回调密钥' },
        { en: 'Needed for changes to arrive at once', 'zh-CN': '配置后变更可即时到达' },
      ),
    },
  },
  required: ['baseUrl', 'client', 'secret'],
  additionalProperties: false,
} as const satisfies ConfigSchema;

/** `context.config` in every function: `webhookSecret` is `string | undefined`, the others are strings. */
export type Config = ConfigOf<typeof configSchema>;
