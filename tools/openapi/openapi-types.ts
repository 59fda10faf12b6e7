/** As much of an OpenAPI document as these tools look at. */
export interface ApiDocument {
  openapi: string;
  info: Record<string, unknown>;
  servers?: unknown[];
  tags?: { name: string; description?: string }[];
  paths: Record<string, ApiPathItem>;
  webhooks?: Record<string, ApiPathItem>;
  components: {
    schemas: Record<string, ApiSchema>;
    securitySchemes?: Record<string, unknown>;
    headers?: Record<string, unknown>;
    parameters?: Record<string, ApiParameter>;
    responses?: Record<string, ApiResponse>;
  };
}

export type ApiPathItem = Record<string, ApiOperation>;

export interface ApiOperation {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: (ApiParameter | ApiReference)[];
  requestBody?: { required?: boolean; description?: string; content: Record<string, ApiMedia> };
  responses: Record<string, ApiResponse | ApiReference>;
}

export interface ApiReference {
  $ref: string;
}

export interface ApiParameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: ApiSchema;
}

export interface ApiResponse {
  description?: string;
  headers?: Record<string, unknown>;
  content?: Record<string, ApiMedia>;
}

export interface ApiMedia {
  schema?: ApiSchema;
  examples?: Record<string, unknown>;
}

export interface ApiSchema {
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, ApiSchema>;
  required?: string[];
  items?: ApiSchema;
  allOf?: ApiSchema[];
  oneOf?: ApiSchema[];
  anyOf?: ApiSchema[];
  additionalProperties?: boolean | ApiSchema;
  description?: string;
  [keyword: string]: unknown;
}

export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const;

/** Every operation of `paths`, with its method and path. */
export function* operationsOf(
  paths: Record<string, ApiPathItem>,
): Generator<{ method: string; path: string; operation: ApiOperation }> {
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) if (item[method]) yield { method, path, operation: item[method] };
  }
}
