/** `*`, `course.completed`, `exam.*`: lower-case words of a dotted name, where a last `*` stands for all that follows. */
export const EVENT_PATTERN = /^(?:\*|[a-z0-9_]+(?:\.[a-z0-9_]+)*(?:\.\*)?)$/;

/**
 * Every pattern that matches a type: `a.b` is matched by `*`, `a.*` and `a.b`. A subscription wants the type when its
 * patterns and these overlap, which PostgreSQL decides with one array operator.
 */
export function patternsMatching(type: string): string[] {
  const patterns = ['*'];
  for (let dot = type.indexOf('.'); dot !== -1; dot = type.indexOf('.', dot + 1))
    patterns.push(`${type.slice(0, dot)}.*`);
  patterns.push(type);
  return patterns;
}
