import { operationId } from './operation-id.js';
import {
  operationsOf,
  type ApiDocument,
  type ApiOperation,
  type ApiParameter,
  type ApiReference,
  type ApiResponse,
} from './openapi-types.js';
import { webhooksOf } from './webhooks.js';

const PROBLEM = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
/** What a rule over methods and paths would name badly. */
const OWN_NAMES: Record<string, string> = {
  'get /callbacks/{connectionId}': 'callbacks.verify',
  'post /callbacks/{connectionId}': 'callbacks.receive',
};
const WRITES = ['post', 'put', 'patch', 'delete'];

/**
 * Adds what holds for every operation and is therefore not written at each: names, the request id on every answer, the
 * idempotency key of writes, the open routes' lack of security, callbacks, webhooks, tags in order.
 */
export function completeDocument(document: ApiDocument, version: string): ApiDocument {
  const complete = structuredClone(document);
  Object.assign(complete.paths, callbackPaths());
  complete.webhooks = webhooksOf(complete);
  complete.components.headers = { RequestId: requestIdHeader() };
  complete.components.parameters = { IdempotencyKey: idempotencyKey(), AcceptLanguage: acceptLanguage() };
  const paths = Object.keys(complete.paths);
  for (const { method, path, operation } of operationsOf(complete.paths)) {
    operation.operationId = OWN_NAMES[`${method} ${path}`] ?? operationId(method, path, paths);
    operation.security ??= [];
    operation.parameters = operation.parameters?.map(sharedParameter);
    if (path.startsWith('/api/') && WRITES.includes(method)) addIdempotencyKey(operation);
    if (!Object.keys(operation.responses).some((status) => status.startsWith('4'))) {
      operation.responses['4XX'] = {
        description: 'The request cannot be understood; a problem document says why.',
        content: PROBLEM,
      };
    }
    for (const response of Object.values(operation.responses)) {
      if ('$ref' in response) continue;
      response.headers = { ...response.headers, 'x-request-id': { $ref: '#/components/headers/RequestId' } };
    }
  }
  complete.tags = usedTags(complete);
  complete.info = { ...complete.info, version };
  return sorted(complete);
}

function requestIdHeader(): object {
  return {
    description: 'Names this request in logs and reports; the caller’s own when it sent a short, plain one.',
    schema: { type: 'string' },
  };
}

function idempotencyKey(): ApiParameter {
  return {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description:
      'Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused.',
    schema: { type: 'string', maxLength: 255 },
  };
}

function acceptLanguage(): ApiParameter {
  return {
    name: 'Accept-Language',
    in: 'header',
    required: false,
    description: 'Language of texts for people: `en` (default) or `zh-CN`.',
    schema: { type: 'string', maxLength: 500, example: 'zh-CN' },
  };
}

/** A handler that reads the header itself makes Swagger think it is required. */
function sharedParameter(parameter: ApiParameter | ApiReference): ApiParameter | ApiReference {
  const isLanguage = 'name' in parameter && parameter.name.toLowerCase() === 'accept-language';
  return isLanguage ? { $ref: '#/components/parameters/AcceptLanguage' } : parameter;
}

function addIdempotencyKey(operation: ApiOperation): void {
  const others = (operation.parameters ?? []).filter((parameter) => !isIdempotencyKey(parameter));
  operation.parameters = [...others, { $ref: '#/components/parameters/IdempotencyKey' }];
  operation.responses['409'] ??= {
    description:
      'The Idempotency-Key was used for another request, or the same request is still being worked on.',
    content: PROBLEM,
  };
}

function isIdempotencyKey(parameter: ApiParameter | ApiReference): boolean {
  return 'name' in parameter && parameter.name.toLowerCase() === 'idempotency-key';
}

/** Middleware, so no controller tells about it. */
function callbackPaths(): ApiDocument['paths'] {
  const parameters: ApiParameter[] = [
    {
      name: 'connectionId',
      in: 'path',
      required: true,
      description: 'Id of the connection.',
      schema: { type: 'string', maxLength: 64 },
    },
  ];
  const any = { schema: { description: 'In the platform’s own form.' } };
  const responses: Record<string, ApiResponse> = {
    '200': { description: 'The platform’s own form of an acknowledgement.', content: { '*/*': any } },
    '400': { description: 'It cannot be read: cut off, or not what the platform sends.', content: PROBLEM },
    '401': { description: 'It is not genuine, or too old.', content: PROBLEM },
    '404': { description: 'There is no such connection.', content: PROBLEM },
    '413': { description: 'More than 1 MiB.', content: PROBLEM },
  };
  const shared = { tags: ['Callbacks'], parameters, responses };
  return {
    '/callbacks/{connectionId}': {
      get: {
        ...structuredClone(shared),
        summary: 'Verify the event URL',
        description: 'What a platform calls when the URL is entered in its console.',
      },
      post: {
        ...structuredClone(shared),
        summary: 'Take events of a platform',
        description:
          'Signed by the platform; verified over the raw body. What it tells is committed before the answer; a repeated event is accepted and changes nothing.',
        requestBody: { required: true, description: 'As the platform sends it.', content: { '*/*': any } },
      },
    },
  };
}

function usedTags(document: ApiDocument): ApiDocument['tags'] {
  const operations = [...operationsOf(document.paths), ...operationsOf(document.webhooks ?? {})];
  const used = new Set(operations.flatMap(({ operation }) => operation.tags ?? []));
  return (document.tags ?? []).filter(({ name }) => used.has(name));
}

/** Paths and schemas in the order of the alphabet: a document that only changes where something changed. */
function sorted(document: ApiDocument): ApiDocument {
  const byName = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const { openapi, info, servers, tags, paths, webhooks, components } = document;
  return {
    openapi,
    info,
    servers,
    tags,
    paths: byName(paths),
    webhooks: byName(webhooks ?? {}),
    components: { ...components, schemas: byName(components.schemas) },
  };
}
