import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { CurrentActor, RequireScopes, type Actor } from '@trainbridge/access';
import { ApiListResponse, ApiProblems, decodeCursor, encodeCursor, listAnswer, notFound, type ListAnswer } from '@trainbridge/http-api';
import { DirectoryQueries } from './directory-queries.js';
import {
  ChangesQuery,
  DepartmentDto,
  DepartmentPath,
  DepartmentsQuery,
  DirectoryChangeDto,
  UserDto,
  UserPath,
  UsersQuery,
} from './directory.dto.js';

/** A place in the change feed, whichever filter it was read with. */
const FEED = 'directory-changes';

@ApiTags('Directory')
@Controller('api/v1')
@RequireScopes('directory:read')
export class DirectoryController {
  constructor(private readonly queries: DirectoryQueries) {}

  @Get('users')
  @ApiOperation({
    operationId: 'users.list',
    summary: 'List users',
    description:
      'To keep a copy: read all pages, then follow `/directory/changes` from the `feedCursor` of the first page; nothing falls between.',
  })
  @ApiExtraModels(UserDto)
  @ApiOkResponse({
    description: 'One page of the list.',
    schema: {
      type: 'object',
      required: ['data', 'nextCursor'],
      properties: {
        data: { type: 'array', items: { $ref: getSchemaPath(UserDto) } },
        nextCursor: { type: 'string', nullable: true, description: 'Give it as `cursor` to read the next page; null on the last page.' },
        feedCursor: { type: 'string', description: 'On the first page: where the change feed begins for this copy.' },
      },
    },
  })
  @ApiProblems('invalid_request', 'invalid_cursor')
  async users(@Query() query: UsersQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<UserDto> & { feedCursor?: string }> {
    const { limit, cursor, ...filters } = query;
    const scope = { list: 'users', filters };
    const [after] = decodeCursor(scope, cursor) ?? [];
    // Before the people: what changes while they are read must come again in the feed.
    const feedCursor = after === undefined ? encodeCursor(FEED, [await this.queries.lastSequence()]) : undefined;
    const users = await this.queries.users(query, (after as string) ?? null, actor);
    const answer = listAnswer(scope, users, limit, (user) => [user.id], (user) => user);
    return feedCursor === undefined ? answer : { ...answer, feedCursor };
  }

  @Get('users/:id')
  @ApiOperation({ operationId: 'users.get', summary: 'Read a user', description: '`disabledReason` and the changes with `subjectId` tell why somebody is disabled.' })
  @ApiOkResponse({ type: UserDto, description: 'The user.' })
  @ApiProblems('invalid_request', 'not_found')
  async user(@Param() { id }: UserPath, @CurrentActor() actor: Actor): Promise<UserDto> {
    const user = await this.queries.user(id, actor);
    if (!user) throw notFound('user', id);
    return user;
  }

  @Get('departments')
  @ApiOperation({ operationId: 'departments.list', summary: 'List departments' })
  @ApiListResponse(DepartmentDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  async departments(@Query() query: DepartmentsQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<DepartmentDto>> {
    const { limit, cursor, ...filters } = query;
    const scope = { list: 'departments', filters };
    const [after = null] = decodeCursor(scope, cursor) ?? [];
    const departments = await this.queries.departments(query, after as string | null, actor);
    return listAnswer(scope, departments, limit, (department) => [department.id], (department) => department);
  }

  @Get('departments/:id')
  @ApiOperation({ operationId: 'departments.get', summary: 'Read a department' })
  @ApiOkResponse({ type: DepartmentDto, description: 'The department.' })
  @ApiProblems('invalid_request', 'not_found')
  async department(@Param() { id }: DepartmentPath, @CurrentActor() actor: Actor): Promise<DepartmentDto> {
    const department = await this.queries.department(id, actor);
    if (!department) throw notFound('department', id);
    return department;
  }

  @Get('directory/changes')
  @ApiOperation({
    operationId: 'directory.changes',
    summary: 'Follow the changes of the directory',
    description:
      'In the order they were committed, each exactly once per cursor: no gap and no repeat, however many write at the same time. `nextCursor` comes with every page that has changes; null means that there is nothing new: ask again later with the same cursor.',
  })
  @ApiListResponse(DirectoryChangeDto, 'The next changes.')
  @ApiProblems('invalid_request', 'invalid_cursor', 'cursor_expired')
  async changes(@Query() { cursor, ...filter }: ChangesQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<DirectoryChangeDto>> {
    const [after = 0] = decodeCursor(FEED, cursor) ?? [];
    const data = await this.queries.changes(after as number, filter, actor);
    const last = data.at(-1);
    return { data, nextCursor: last ? encodeCursor(FEED, [last.sequence]) : null };
  }
}
