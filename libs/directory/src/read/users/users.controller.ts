import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentActor, RequireScopes, type Actor } from '@trainbridge/access';
import { ApiProblems } from '@trainbridge/http-api';
import { UserDto, UserListDto, UserPath, UsersQuery } from './user.dto.js';
import { UserReader } from './user-reader.js';

@ApiTags('Directory')
@Controller('api/v1/users')
@RequireScopes('directory:read')
export class UsersController {
  constructor(private readonly reader: UserReader) {}

  @Get()
  @ApiOperation({
    operationId: 'users.list',
    summary: 'List users',
    description:
      'Disabled ones too, unless `status` says otherwise. For a copy of the directory: read all pages, then follow the change feed from the `feedCursor` of the first page.',
  })
  @ApiOkResponse({ type: UserListDto, description: 'One page of the list.' })
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: UsersQuery, @CurrentActor() actor: Actor): Promise<UserListDto> {
    return this.reader.list(query, actor);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'users.get', summary: 'Read a user' })
  @ApiOkResponse({ type: UserDto, description: 'The user.' })
  @ApiProblems('invalid_request', 'not_found')
  get(@Param() { id }: UserPath, @CurrentActor() actor: Actor): Promise<UserDto> {
    return this.reader.require(id, actor);
  }
}
