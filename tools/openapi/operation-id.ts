const VERBS: Record<string, { collection: string; item: string }> = {
  get: { collection: 'list', item: 'get' },
  post: { collection: 'create', item: 'create' },
  put: { collection: 'replace', item: 'replace' },
  patch: { collection: 'update', item: 'update' },
  delete: { collection: 'clear', item: 'delete' },
};

/**
 * The one name of an operation, made from its method and path alone, so that it stays what it is however the code behind it
 * is arranged: `users.list`, `users.get`, `clients.tokens.create`, `connections.check`, `health.ready`.
 */
export function operationId(method: string, path: string, paths: readonly string[]): string {
  const segments = path
    .replace(/^\/api\/v\d+/, '')
    .split('/')
    .filter(Boolean);
  const name = segments
    .filter((segment) => !isParameter(segment))
    .map(camelCase)
    .join('.');
  if (isParameter(segments.at(-1) ?? '')) return `${name}.${VERBS[method]!.item}`;
  return isCollection(path, segments, paths) ? `${name}.${VERBS[method]!.collection}` : name;
}

/** A resource of the API, or something below one whose members have addresses. The rest are actions and views. */
function isCollection(path: string, segments: readonly string[], paths: readonly string[]): boolean {
  if (path.startsWith('/api/') && segments.length === 1) return true;
  return paths.some((other) => other.startsWith(`${path}/{`) && !other.slice(path.length + 1).includes('/'));
}

function isParameter(segment: string): boolean {
  return segment.startsWith('{');
}

function camelCase(segment: string): string {
  return segment.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
