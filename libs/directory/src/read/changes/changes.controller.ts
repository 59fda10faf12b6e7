import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentActor, RequireScopes, type Actor } from '@trainbridge/access';
import { ApiProblems } from '@trainbridge/http-api';
import { ChangesQuery, DirectoryChangeListDto } from './change.dto.js';
import { ChangeReader } from './change-reader.js';

@ApiTags('Directory')
@Controller('api/v1/directory/changes')
@RequireScopes('directory:read')
export class ChangesController {
  constructor(private readonly reader: ChangeReader) {}

  @Get()
  @ApiOperation({
    operationId: 'directory.changes',
    summary: 'Follow the change feed',
    description:
      'Every change of the directory in the order it was committed, each exactly once per cursor. Apply `after`, keep `nextCursor` with what you stored, ask again; when the page is empty, wait a while before you do.',
  })
  @ApiOkResponse({ type: DirectoryChangeListDto, description: 'The changes after the cursor, oldest first.' })
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: ChangesQuery, @CurrentActor() actor: Actor): Promise<DirectoryChangeListDto> {
    return this.reader.list(query, actor);
  }
}
