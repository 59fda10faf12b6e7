import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Connectors } from '../connectors/connectors.js';

const NAME = /^[A-Za-z0-9_-]{1,100}\.(?:txt|html)$/;

/** Looks a file up among the configurations whose connector's manifest says `servedFiles`. */
@Injectable()
export class ServedFiles {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connectors: Connectors,
  ) {}

  /** Null for a name that no connection asks to serve; anything but a plain file name never reaches the database. */
  async read(fileName: string): Promise<string | null> {
    if (!NAME.test(fileName)) return null;
    const places = this.connectors
      .list()
      .flatMap((entry) =>
        entry.status === 'available'
          ? (entry.connector.manifest.servedFiles ?? []).map(({ fromConfig }) => [entry.id, fromConfig])
          : [],
      );
    if (places.length === 0) return null;
    const [row] = await this.dataSource.query<{ content: string | null }[]>(
      `select c.config -> place.property ->> 'content' as content
       from connections c
       join unnest($1::text[], $2::text[]) as place(connector, property) on place.connector = c.connector
       where c.config -> place.property ->> 'name' = $3
       order by c.id limit 1`,
      [places.map(([connector]) => connector), places.map(([, property]) => property), fileName],
    );
    return row?.content ?? null;
  }
}
