/** The body as a change of `template`. @throws TypeError for a name that does not stand there. */
export function known<T extends object>(body: Record<string, unknown>, template: object): Partial<T> {
  for (const name of Object.keys(body)) {
    if (!(name in template))
      throw new TypeError(`unknown setting ${name}; known: ${Object.keys(template).join(', ')}`);
  }
  return body as Partial<T>;
}
