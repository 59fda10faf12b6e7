import {
  CAPABILITIES,
  ConnectorError,
  isConnectorError,
  type Connector,
  type ConnectorErrorData,
} from '@trainbridge/connector-kit';

type Redact = (text: string) => string;

/**
 * The connector with capabilities whose errors are free of the connection's secrets: a platform repeats in its messages what
 * it was sent, and a connector may pass that on. Whoever calls through it may store and show what is thrown.
 */
export function redactingConnector(connector: Connector, redact: Redact): Connector {
  const guarded = { ...connector };
  for (const name of CAPABILITIES) {
    const capability = connector[name];
    if (capability) Object.assign(guarded, { [name]: redactingCapability(capability, redact) });
  }
  return guarded;
}

function redactingCapability(capability: object, redact: Redact): object {
  const fail = (thrown: unknown): never => {
    if (!isConnectorError(thrown)) throw thrown;
    const { code, message, ...details } = redactedError(thrown.data, redact);
    throw new ConnectorError(code, message, details);
  };
  const guard =
    (call: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      try {
        const answer = call.apply(capability, args);
        return isThenable(answer) ? Promise.resolve(answer).catch(fail) : answer;
      } catch (thrown) {
        return fail(thrown);
      }
    };
  // Not the capability itself as target: a frozen one would let no other function be answered.
  return new Proxy(Object.create(capability) as object, {
    get(_target, name) {
      const member: unknown = Reflect.get(capability, name);
      return typeof member === 'function' ? guard(member as (...args: unknown[]) => unknown) : member;
    },
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** What a connector told of a failure, without secrets. */
export function redactedError(error: ConnectorErrorData, redact: Redact): ConnectorErrorData {
  const { message, vendorMessage } = error;
  return {
    ...error,
    message: redact(String(message)),
    ...(vendorMessage === undefined ? {} : { vendorMessage: redact(String(vendorMessage)) }),
  };
}

/**
 * Why a call of a connector failed, as data. What is not a ConnectorError is a fault of the connector, and its text is not
 * shown. A call that took too long may have been heard all the same.
 */
export function failureData(thrown: unknown): ConnectorErrorData {
  if (isConnectorError(thrown)) return thrown.data;
  if (thrown instanceof Error && thrown.name === 'TimeoutError')
    return { code: 'unavailable', message: 'The connector did not come to an end.' };
  const name = thrown instanceof Error ? thrown.name : 'unknown error';
  return { code: 'internal', message: `The connector failed with ${name}.` };
}
