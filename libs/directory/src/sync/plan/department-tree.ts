/** A department and the parent the platform names for it. */
export interface TreeLink {
  externalId: string;
  parentExternalId: string;
}

/**
 * Where to cut departments that are their own ancestors: of each circle the one whose id sorts first becomes a root, so
 * the same circle is cut at the same place in every run. Linear in the number of links.
 */
export function cutCircles(links: readonly TreeLink[]): string[] {
  const parents = new Map(links.map((link) => [link.externalId, link.parentExternalId]));
  const cuts: string[] = [];
  const settled = new Set<string>();
  for (const start of parents.keys()) {
    const path: string[] = [];
    const onPath = new Set<string>();
    let at: string | undefined = start;
    while (at !== undefined && parents.has(at) && !settled.has(at) && !onPath.has(at)) {
      onPath.add(at);
      path.push(at);
      at = parents.get(at);
    }
    if (at !== undefined && onPath.has(at)) {
      const circle = path.slice(path.indexOf(at));
      cuts.push(circle.reduce((first, id) => (id < first ? id : first)));
    }
    for (const id of path) settled.add(id);
  }
  return cuts;
}
