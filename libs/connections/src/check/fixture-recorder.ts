import {
  isConnectorError,
  type ConnectorContext,
  type HttpRequest,
  type JsonObject,
  type JsonValue,
} from '@trainbridge/connector-kit';
import type { CheckFixtureDto } from '../dto/connection.dto.js';
import { Pseudonyms } from './pseudonyms.js';

const MOST_CALLS = 200;
const LONGEST_BODY = 256 * 1024;

interface Recorded {
  request: HttpRequest;
  status: number | null;
  body: JsonValue;
}

/**
 * Notes what a connector asked and what the platform answered, as recordings for the connector's tests: the shape of a real
 * tenant's answers, and nothing of its content. Tokens are not seen here: the host adds them later.
 */
export class FixtureRecorder {
  private readonly calls: Recorded[] = [];

  /** The same context, with its calls noted. */
  recording(context: ConnectorContext): ConnectorContext {
    return {
      ...context,
      http: async (request) => {
        try {
          const response = await context.http(request);
          this.note({ request, status: response.status, body: response.body });
          return response;
        } catch (error) {
          this.note({
            request,
            status: null,
            body: isConnectorError(error) ? vendorError(error.data) : null,
          });
          throw error;
        }
      },
    };
  }

  fixtures(redact: (text: string) => string): CheckFixtureDto[] {
    const pseudonyms = new Pseudonyms();
    const safe = (value: JsonValue): JsonValue => {
      const text = JSON.stringify(value);
      if (text.length > LONGEST_BODY) return { omitted: `${text.length} characters` };
      return JSON.parse(redact(JSON.stringify(pseudonyms.of(value)))) as JsonValue;
    };
    return this.calls.map(({ request, status, body }) => {
      const { pathname } = new URL(request.url);
      const query = Object.entries(request.query ?? {}).filter((entry) => entry[1] !== undefined);
      return {
        method: request.method,
        path: pseudonyms.ofPath(redact(pathname)),
        query: safe(Object.fromEntries(query) as JsonObject) as JsonObject,
        json: safe(request.json ?? null),
        status,
        body: safe(body),
      };
    });
  }

  private note(call: Recorded): void {
    if (this.calls.length < MOST_CALLS) this.calls.push(call);
  }
}

function vendorError({
  code,
  vendorCode,
  vendorMessage,
}: {
  code: string;
  vendorCode?: string;
  vendorMessage?: string;
}): JsonObject {
  return { error: code, vendorCode: vendorCode ?? null, message: vendorMessage ?? null };
}
