import { describe, expect, it } from 'vitest';
import { createPino, HostLogger } from './host-logger.js';

function capture(level: 'info' | 'error' = 'info'): {
  logger: HostLogger;
  lines: () => Record<string, unknown>[];
} {
  const written: string[] = [];
  const logger = new HostLogger(createPino(level, { write: (line: string) => void written.push(line) }));
  return { logger, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('HostLogger', () => {
  it('writes one JSON line with the level as a word and the context, and none of Nest about itself', () => {
    const { logger, lines } = capture();
    logger.log('started', 'Bootstrap');
    logger.log('Mapped {/x, GET} route', 'RouterExplorer');
    expect(lines()).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), context: 'Bootstrap', msg: 'started' },
    ]);
  });

  it('leaves a start that failed to whoever called, who tells it in one line', () => {
    const { logger, lines } = capture();
    logger.error(new Error('another host is using the database'), undefined, 'ExceptionHandler');
    logger.error('Error: listen EADDRINUSE', 'NestApplication');
    expect(lines()).toEqual([]);
    logger.error('a request failed', 'ExceptionsHandler');
    expect(lines()).toHaveLength(1);
  });

  it('keeps the stack of an error, as Nest and as callers hand it over', () => {
    const { logger, lines } = capture();
    logger.error('it broke', 'Error: x\n  at y', 'Http');
    logger.error('it broke', new Error('inner'), 'Http');
    logger.error(new Error('bare'));
    expect(lines().map(({ msg }) => msg)).toEqual(['it broke', 'it broke', 'bare']);
    expect(lines()[0]).toMatchObject({ stack: 'Error: x\n  at y', context: 'Http' });
    expect(lines()[1]!.stack).toContain('Error: inner');
    expect(lines()[2]!.stack).toContain('Error: bare');
  });

  it('merges logged objects and redacts what is secret by name', () => {
    const { logger, lines } = capture();
    logger.warn({
      msg: 'seen',
      request: { headers: { authorization: 'Bearer geheim' } },
      token: 'geheim',
      id: 1,
    });
    expect(JSON.stringify(lines())).not.toContain('geheim');
    expect(lines()[0]).toMatchObject({ msg: 'seen', id: 1, token: '[redacted]' });
  });

  it('is silent below its level', () => {
    const { logger, lines } = capture('error');
    logger.log('not this');
    expect(lines()).toEqual([]);
  });
});
