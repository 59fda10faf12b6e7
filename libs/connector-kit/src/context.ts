import type { HttpClient } from './http.js';
import type { JsonObject } from './json.js';

export interface Log {
  debug(message: string, fields?: JsonObject): void;
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
}

/** A message-framed web socket the host holds for `events.listen`; closed when the signal aborts. */
export interface WebSocketConnection {
  /** Binary frames arrive as base64. Ends when the other side closes. */
  messages(): AsyncIterable<{ text: string } | { base64: string }>;
  send(message: { text: string } | { base64: string }): Promise<void>;
  close(): Promise<void>;
}

/** What a call gets beside its input. Connectors keep nothing between calls; whatever they need comes from here. */
export interface ConnectorContext<Config = JsonObject> {
  readonly config: Config;
  readonly connection: { readonly id: string; readonly timezone: string; readonly locale: 'zh-CN' | 'en' };
  /** Where the platform should send events; null when the host has no public URL. */
  readonly callbackUrl: string | null;
  readonly http: HttpClient;
  webSocket(url: string): Promise<WebSocketConnection>;
  /** Milliseconds since the epoch. The only clock a connector may read. */
  now(): number;
  /** Cryptographically strong bytes as base64; the only randomness a connector may use (replies of some platforms are encrypted). */
  randomBase64(bytes: number): string;
  readonly signal: AbortSignal;
  readonly log: Log;
}
