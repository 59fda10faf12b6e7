import { Logger } from '@nestjs/common';
import type { JsonObject, Log } from '@trainbridge/connector-kit';

/** A connector's log lines, marked with who said them. The runtime has taken secrets out before they come here. */
export function connectorLog(connectorId: string, connectionId: string): Log {
  const logger = new Logger(`connector:${connectorId}`);
  const line = (message: string, fields: JsonObject = {}): JsonObject => ({
    msg: message,
    connectionId,
    ...fields,
  });
  return {
    debug: (message, fields) => logger.debug(line(message, fields)),
    info: (message, fields) => logger.log(line(message, fields)),
    warn: (message, fields) => logger.warn(line(message, fields)),
  };
}
