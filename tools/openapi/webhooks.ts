import { LEARNING_EVENT_TYPES } from '@trainbridge/learning-events';
import type { ApiDocument, ApiOperation, ApiPathItem, ApiSchema } from './openapi-types.js';

interface WebhookFamily {
  summary: string;
  types: readonly string[];
  /** Schemas that may be `data`; those that the document does not know are left out. */
  data: string[];
}

const FAMILIES: Record<string, WebhookFamily> = {
  learningEvent: {
    summary: 'A learning event',
    types: LEARNING_EVENT_TYPES,
    data: ['LearningEventDto'],
  },
  assignment: { summary: 'A course was assigned', types: ['assignment.created'], data: ['AssignmentDto'] },
  enrollment: {
    summary: 'Somebody was enrolled, or is further with it',
    types: ['enrollment.created', 'enrollment.updated'],
    data: ['EnrollmentEventDto'],
  },
  run: { summary: 'A run ended', types: ['run.finished'], data: ['RunDto'] },
};

/** Outgoing webhooks as Standard Webhooks describes them: one entry per family of event types. */
export function webhooksOf(document: ApiDocument): Record<string, ApiPathItem> {
  return Object.fromEntries(
    Object.entries(FAMILIES).map(([name, family]) => [name, { post: webhook(name, family, document) }]),
  );
}

function webhook(name: string, { summary, types, data }: WebhookFamily, document: ApiDocument): ApiOperation {
  return {
    operationId: `webhooks.${name}`,
    summary,
    description:
      'Sent to the `url` of each subscription whose `eventTypes` match, signed as [Standard Webhooks](https://www.standardwebhooks.com) says: HMAC-SHA256 over `webhook-id.webhook-timestamp.body` with the subscription’s secret. At least once: drop a `webhook-id` you have seen.',
    tags: ['Deliveries'],
    security: [],
    parameters: [
      header('webhook-id', 'Names this message; the same at every try.', { type: 'string' }),
      header('webhook-timestamp', 'Unix seconds of this try. Refuse what is older than five minutes.', {
        type: 'string',
        pattern: '^[0-9]+$',
      }),
      header(
        'webhook-signature',
        '`v1,` and the signature in base64; two of them, separated by a space, while a secret is being rotated.',
        { type: 'string' },
      ),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: body(types, dataSchema(data, document)) } },
    },
    responses: {
      '2XX': { description: 'Taken. Any 2xx ends the delivery; answer first, work afterwards.' },
      '410': { description: 'Never send here again: the subscription is disabled.' },
      '4XX': { description: 'Not taken: tried again as the subscription’s `retrySchedule` says.' },
      '5XX': { description: 'Not taken: tried again as the subscription’s `retrySchedule` says.' },
    },
  };
}

function header(name: string, description: string, schema: ApiSchema) {
  return { name, in: 'header', required: true, description, schema };
}

function body(types: readonly string[], data: ApiSchema): ApiSchema {
  return {
    type: 'object',
    required: ['id', 'type', 'timestamp', 'data'],
    properties: {
      id: { type: 'string', description: 'The same as `webhook-id`.' },
      type: { type: 'string', enum: [...types] },
      timestamp: { type: 'string', format: 'date-time', description: 'When it happened.' },
      data,
    },
  };
}

function dataSchema(names: readonly string[], document: ApiDocument): ApiSchema {
  const known = names.find((name) => Object.hasOwn(document.components.schemas, name));
  return known ? { $ref: `#/components/schemas/${known}` } : { type: 'object', additionalProperties: true };
}
