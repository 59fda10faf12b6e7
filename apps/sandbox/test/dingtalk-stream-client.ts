import WebSocket from 'ws';
import type { Sandbox } from '@trainbridge/sandbox';

/** A frame as it came down. */
export interface StreamFrame {
  specVersion: string;
  type: 'SYSTEM' | 'EVENT' | 'CALLBACK';
  headers: Record<string, string>;
  data: string;
}

/** How the next events are answered. */
export type StreamAnswer = 'success' | 'silence' | 'later' | 'code 500' | 'no status';

/** A client of the stream that can be told to misbehave. */
export class StreamClient {
  readonly frames: StreamFrame[] = [];
  /** How the next events are answered; then with success. */
  readonly answers: StreamAnswer[] = [];
  answersPings = true;
  private socket: WebSocket | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(private readonly sandbox: Sandbox) {}

  /** Asks for a ticket. */
  async open(
    change: Record<string, unknown> = {},
    accept = 'application/json',
  ): Promise<{ status: number; text: string }> {
    const { clientId, clientSecret } = this.sandbox.dingtalk.app;
    const response = await fetch(`${this.sandbox.url}/v1.0/gateway/connections/open`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({
        clientId,
        clientSecret,
        subscriptions: [{ type: 'EVENT', topic: '*' }],
        ua: 'test',
        ...change,
      }),
    });
    return { status: response.status, text: await response.text() };
  }

  /** Connects; with a ticket of the caller's own if given. Rejects when the platform refuses. */
  async connect(ticketed?: { endpoint: string; ticket: string }): Promise<this> {
    const { endpoint, ticket } =
      ticketed ?? (JSON.parse((await this.open()).text) as { endpoint: string; ticket: string });
    const socket = new WebSocket(`${endpoint}?ticket=${encodeURIComponent(ticket)}`);
    this.socket = socket;
    socket.on('message', (data: Buffer) => this.hear(JSON.parse(data.toString('utf8')) as StreamFrame));
    socket.on('close', () => this.wake());
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return this;
  }

  get closed(): boolean {
    return this.socket?.readyState === WebSocket.CLOSED;
  }

  close(): void {
    this.socket?.terminate();
  }

  /** Events that came, in order. */
  events(): StreamFrame[] {
    return this.frames.filter((frame) => frame.type === 'EVENT');
  }

  /** Resolves once `condition` holds; looked at after every frame and when the connection ends. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  private hear(frame: StreamFrame): void {
    this.frames.push(frame);
    if (frame.type === 'EVENT') this.answer(frame);
    else if (frame.headers.topic === 'ping' && this.answersPings) this.send(frame, 200, frame.data);
    this.wake();
  }

  private answer(frame: StreamFrame): void {
    const answer = this.answers.shift() ?? 'success';
    if (answer === 'silence') return;
    if (answer === 'code 500') this.send(frame, 500, '{"status":"SUCCESS"}');
    else if (answer === 'no status') this.send(frame, 200, '{}');
    else
      this.send(
        frame,
        200,
        JSON.stringify({ status: answer === 'later' ? 'LATER' : 'SUCCESS', message: '' }),
      );
  }

  private send(frame: StreamFrame, code: number, data: string): void {
    const { messageId } = frame.headers;
    const headers = { contentType: 'application/json', messageId };
    this.socket?.send(JSON.stringify({ code, headers, message: 'OK', data }));
  }

  private wake(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
