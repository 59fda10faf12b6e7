/** The only place where class-transformer keeps what `@Type` said; it has no public reader. */
declare module 'class-transformer/cjs/storage.js' {
  interface TypeMetadata {
    typeFunction: () => unknown;
    options?: { discriminator?: unknown };
  }
  export const defaultMetadataStorage: {
    findTypeMetadata(target: unknown, property: string): TypeMetadata | undefined;
    findTransformMetadatas(target: unknown, property: string, type: number): unknown[];
    findExposeMetadata(target: unknown, property: string): unknown;
    findExcludeMetadata(target: unknown, property: string): unknown;
  };
}
