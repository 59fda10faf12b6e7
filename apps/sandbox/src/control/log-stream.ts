import type { ServerResponse } from 'node:http';
import type { ActivityLog } from '../activity-log.js';

const heartbeatMs = 15_000;

/** Sends the log as server-sent events: first what is kept, then every new line. */
export function streamLog(log: ActivityLog, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  const send = (line: unknown): void => void response.write(`data: ${JSON.stringify(line)}\n\n`);
  for (const line of log.since(0).slice(-80)) send(line);
  const stop = log.watch(send);
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
  response.once('close', () => {
    clearInterval(heartbeat);
    stop();
  });
}
