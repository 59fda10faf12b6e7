import { ConnectorError, isConnectorError, type Connector } from '@trainbridge/connector-kit';
import { describe, expect, it } from 'vitest';
import { failureData, redactingConnector } from './connector-failure.js';

const redact = (text: string): string => text.replaceAll('s3cret', '***');
const refusal = (): ConnectorError =>
  new ConnectorError('auth_failed', 'no s3cret', {
    vendorCode: '7',
    vendorMessage: 's3cret!',
    retryAfterMs: 5,
  });
const clean = {
  code: 'auth_failed',
  message: 'no ***',
  vendorCode: '7',
  vendorMessage: '***!',
  retryAfterMs: 5,
};

class Tasks {
  readonly everyMinutes = 5;
  constructor(private readonly found: string) {}
  async get(): Promise<string> {
    return this.found;
  }
  list(): never {
    throw refusal();
  }
}

const connector = redactingConnector(
  {
    manifest: { id: 'x' },
    directory: Object.freeze({
      listUsers: async () => Promise.reject(refusal()),
      getUsers: async () => Promise.reject(new TypeError('s3cret')),
    }),
    tasks: new Tasks('task'),
  } as unknown as Connector,
  redact,
) as unknown as Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>;

async function thrownBy(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('nothing was thrown');
}

describe('a connector whose errors are redacted', () => {
  it('throws the same error without secrets, at once or later', async () => {
    for (const call of [
      () => connector['directory']!['listUsers']!(),
      () => connector['tasks']!['list']!(),
    ]) {
      const thrown = await thrownBy(call);
      expect(isConnectorError(thrown)).toBe(true);
      expect((thrown as ConnectorError).data).toEqual(clean);
      expect(String((thrown as Error).stack)).not.toContain('s3cret');
    }
  });

  it('answers as before, with methods of a class, plain values and what is absent', async () => {
    await expect(connector['tasks']!['get']!()).resolves.toBe('task');
    expect(connector['tasks']!['everyMinutes']).toBe(5);
    expect(connector['tasks']!['other']).toBeUndefined();
    expect(connector['todos']).toBeUndefined();
    expect(connector['manifest']).toEqual({ id: 'x' });
  });

  it('leaves the errors of a faulty connector to its caller, who shows none of their text', async () => {
    const thrown = await thrownBy(() => connector['directory']!['getUsers']!());
    expect(thrown).toBeInstanceOf(TypeError);
    expect(failureData(thrown)).toEqual({
      code: 'internal',
      message: 'The connector failed with TypeError.',
    });
  });
});
