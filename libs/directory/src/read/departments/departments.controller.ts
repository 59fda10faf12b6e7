import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentActor, RequireScopes, type Actor } from '@trainbridge/access';
import { ApiListResponse, ApiProblems, type ListAnswer } from '@trainbridge/http-api';
import { DepartmentDto, DepartmentPath, DepartmentsQuery } from './department.dto.js';
import { DepartmentReader } from './department-reader.js';

@ApiTags('Directory')
@Controller('api/v1/departments')
@RequireScopes('directory:read')
export class DepartmentsController {
  constructor(private readonly reader: DepartmentReader) {}

  @Get()
  @ApiOperation({
    operationId: 'departments.list',
    summary: 'List departments',
    description:
      'Disabled ones too, unless `status` says otherwise. In no particular order: a child may come before its parent.',
  })
  @ApiListResponse(DepartmentDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: DepartmentsQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<DepartmentDto>> {
    return this.reader.list(query, actor);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'departments.get', summary: 'Read a department' })
  @ApiOkResponse({ type: DepartmentDto, description: 'The department.' })
  @ApiProblems('invalid_request', 'not_found')
  get(@Param() { id }: DepartmentPath, @CurrentActor() actor: Actor): Promise<DepartmentDto> {
    return this.reader.require(id, actor);
  }
}
