import { Injectable } from '@nestjs/common';
import { AuditLog, type Actor, type Caller } from '@trainbridge/access';
import type { CourseReference, ListedCourse } from '@trainbridge/connections';
import {
  compileValidator,
  decodeCursor,
  invalid,
  listAnswer,
  type Language,
  type ListAnswer,
} from '@trainbridge/http-api';
import { rows, storable, type Sql } from '@trainbridge/persistence';
import { DataSource } from 'typeorm';
import { TodoOutbox } from '../todos/todo-outbox.js';
import {
  CourseBody,
  type CourseDto,
  type CoursesQuery,
  type PutCoursesDto,
  type RejectedCourseDto,
} from './course.dto.js';

const validate = compileValidator(CourseBody);

/** A course as assignments need it. */
export interface KnownCourse {
  id: string;
  title: string;
  url: string | null;
  clientId: string | null;
}

interface CourseRow {
  id: string;
  code: string | null;
  title: string;
  url: string | null;
  client_id: string | null;
  created_at: Date;
  updated_at: Date;
}

/** The learning systems' catalogues: one for each client, and one put in with the admin token. */
@Injectable()
export class Courses {
  constructor(
    private readonly dataSource: DataSource,
    private readonly audit: AuditLog,
    private readonly todos: TodoOutbox,
  ) {}

  /** Adds and changes; what is not in the batch stays. Of two with one id the last counts. Two statements. */
  async put(items: readonly unknown[], caller: Caller, language: Language): Promise<PutCoursesDto> {
    const rejected: RejectedCourseDto[] = [];
    const courses = new Map<string, CourseBody>();
    for (const [index, item] of items.entries()) {
      const problems = validate(item, language);
      if (problems.length > 0) {
        const detail = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
        rejected.push({ index, code: 'invalid_request', detail });
        continue;
      }
      const { id, code, title, url } = item as CourseBody;
      courses.set(storable(id), {
        id: storable(id),
        code: code == null ? null : storable(code),
        title: storable(title),
        url: url == null ? null : new URL(url).href,
      });
    }
    const { created, updated } = await this.upsert([...courses.values()], caller);
    return { created, updated, unchanged: courses.size - created - updated, rejected };
  }

  private async upsert(
    courses: readonly CourseBody[],
    caller: Caller,
  ): Promise<{ created: number; updated: number }> {
    const written = { created: 0, updated: 0 };
    if (courses.length === 0) return written;
    return this.dataSource.transaction(async (manager) => {
      const changed = await rows<{ id: string; isNew: boolean }>(
        manager,
        `insert into courses as c (client_id, id, code, title, url)
         select $1, id, code, title, url
         from jsonb_to_recordset($2::jsonb) as b(id text, code text, title text, url text) order by id
         on conflict (client_id, id) do update
           set code = excluded.code, title = excluded.title, url = excluded.url, updated_at = now()
           where (c.code, c.title, c.url) is distinct from (excluded.code, excluded.title, excluded.url)
         returning id, xmax = 0 as "isNew"`,
        [caller.actor.clientId, JSON.stringify(courses)],
      );
      for (const { isNew } of changed) written[isNew ? 'created' : 'updated'] += 1;
      if (changed.length > 0) {
        const ids = changed.slice(0, 50).map(({ id }) => id);
        await this.audit.record(manager, {
          ...caller,
          action: 'courses.written',
          subject: { type: 'catalogue', id: caller.actor.clientId ?? 'admin' },
          after: { ...written, courses: ids },
        });
        await this.todos.wantCourses(
          manager,
          changed.flatMap(({ id, isNew }) => (isNew ? [] : [id])),
          caller.actor.clientId,
        );
      }
      return written;
    });
  }

  /** The caller's own catalogue; with the admin token all of them. In order of id. */
  async list({ limit, cursor, id, code }: CoursesQuery, actor: Actor): Promise<ListAnswer<CourseDto>> {
    const scope = { list: 'courses', filters: { id, code } };
    const [afterId = null, afterClient = null] = decodeCursor(scope, cursor) ?? [];
    const found = await rows<CourseRow>(
      this.dataSource,
      `select * from courses
       where ($1::text is null or client_id = $1) and ($2::text is null or id = $2) and ($3::text is null or code = $3)
         and ($4::text is null or (id, coalesce(client_id, '')) > ($4, $5))
       order by id, coalesce(client_id, '') limit $6`,
      [actor.clientId, id ?? null, code ?? null, afterId, afterClient, limit + 1],
    );
    return listAnswer(scope, found, limit, (row) => [row.id, row.client_id ?? ''], toDto);
  }

  /**
   * The course somebody means: of his own catalogue, else of one whose client serves one of the same connections.
   * Null: of nobody's.
   */
  async find(
    sql: Sql,
    courseId: string,
    who: { clientId: string | null; connectionIds: readonly string[] | null },
  ): Promise<KnownCourse | null> {
    const [course] = await rows<KnownCourse>(
      sql,
      `select c.id, c.title, c.url, c.client_id as "clientId" from courses c left join clients k on k.id = c.client_id
       where c.id = $1 and (c.client_id is not distinct from $2 or c.client_id is null or $3::text[] is null
         or (k.id is not null and (k.connection_ids is null or k.connection_ids && $3)))
       order by c.client_id is not distinct from $2 desc, c.updated_at desc limit 1`,
      [courseId, who.clientId, who.connectionIds],
    );
    return course ?? null;
  }

  /** As `find`, for what events about people of one connection name. One statement. */
  async listed(connectionId: string, asked: readonly CourseReference[]): Promise<ListedCourse[]> {
    return rows<ListedCourse>(
      this.dataSource,
      `select distinct on (a.client_id, a.id) a.client_id as "clientId", a.id as "courseId", c.title, c.url
       from unnest($1::text[], $2::text[]) a(client_id, id)
       join courses c on c.id = a.id left join clients k on k.id = c.client_id
       where c.client_id is not distinct from a.client_id or c.client_id is null
         or (k.id is not null and (k.connection_ids is null or $3 = any(k.connection_ids)))
       order by a.client_id, a.id, c.client_id is not distinct from a.client_id desc, c.updated_at desc`,
      [asked.map(({ clientId }) => clientId), asked.map(({ courseId }) => courseId), connectionId],
    );
  }

  /**
   * As `find`, for a course something cannot do without.
   * @throws {ProblemError} 400 at `path`
   */
  async require(
    sql: Sql,
    courseId: string,
    who: Parameters<Courses['find']>[2],
    path: string,
  ): Promise<KnownCourse> {
    const course = await this.find(sql, courseId, who);
    if (course) return course;
    throw invalid([
      {
        path,
        message: {
          en: 'is not in the catalogue: PUT it to /api/v1/courses first, or give a title of your own',
          'zh-CN': '不在课程目录中：请先通过 PUT /api/v1/courses 写入，或自行提供标题',
        },
      },
    ]);
  }
}

function toDto(row: CourseRow): CourseDto {
  return {
    id: row.id,
    code: row.code,
    title: row.title,
    url: row.url,
    clientId: row.client_id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
