import { ConnectorError } from '@trainbridge/connector-kit';

/** A list of departments whose subtrees are to be walked: the grants of the app, or what is directly below one department. */
export interface Level {
  /** Null: the grants. */
  parent: string | null;
  pageToken: string | null;
}

/** A subtree of which more is to come. */
export interface Subtree {
  root: string;
  pageToken: string;
}

/** Where a walk over the departments stands; the last level is the one to go on with. */
export interface TreeCursor {
  levels: Level[];
  subtrees: Subtree[];
}

export const treeStart: TreeCursor = { levels: [{ parent: null, pageToken: null }], subtrees: [] };

/** Null when nothing is left to walk. */
export function writeCursor({ levels, subtrees }: TreeCursor): string | null {
  if (levels.length === 0 && subtrees.length === 0) return null;
  return JSON.stringify([
    levels.map(({ parent, pageToken }) => [parent, pageToken]),
    subtrees.map(({ root, pageToken }) => [root, pageToken]),
  ]);
}

/** @throws ConnectorError `cursor_expired` for what was not written here: the host starts that walk anew. */
export function readCursor(text: string): TreeCursor {
  const [levels, subtrees] = listOf(parsed(text));
  return {
    levels: listOf(levels).map((level) => {
      const [parent, pageToken] = listOf(level);
      if (!isTextOrNull(parent) || !isTextOrNull(pageToken)) throw unknownCursor();
      return { parent, pageToken };
    }),
    subtrees: listOf(subtrees).map((subtree) => {
      const [root, pageToken] = listOf(subtree);
      if (typeof root !== 'string' || typeof pageToken !== 'string') throw unknownCursor();
      return { root, pageToken };
    }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unknownCursor();
  }
}

function listOf(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw unknownCursor();
  return value;
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function unknownCursor(): ConnectorError {
  return new ConnectorError('cursor_expired', 'The cursor was not written by this version of the connector.');
}
