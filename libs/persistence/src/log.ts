/** Where this library says what it did. Messages and fields never hold a password or a URL with one. */
export type PersistenceLog = (
  level: 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void;

export const silentLog: PersistenceLog = () => undefined;
