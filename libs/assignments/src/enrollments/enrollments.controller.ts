import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  CurrentCaller,
  Idempotent,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import { ApiListResponse, ApiProblems, type ListAnswer } from '@trainbridge/http-api';
import {
  EnrollmentDto,
  EnrollmentEventDto,
  EnrollmentPath,
  EnrollmentsQuery,
  UpdateEnrollmentBody,
} from './enrollment.dto.js';
import { Enrollments } from './enrollments.js';

@ApiTags('Assignments')
@ApiExtraModels(EnrollmentEventDto)
@Controller('api/v1/enrollments')
export class EnrollmentsController {
  constructor(private readonly enrollments: Enrollments) {}

  @Get()
  @RequireScopes('assignments:read')
  @ApiOperation({
    operationId: 'listEnrollments',
    summary: 'List enrollments',
    description: 'One for each person of an assignment, newest first, with the to-do on the platform.',
  })
  @ApiListResponse(EnrollmentDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: EnrollmentsQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<EnrollmentDto>> {
    return this.enrollments.list(query, actor);
  }

  @Get(':id')
  @RequireScopes('assignments:read')
  @ApiOperation({ operationId: 'getEnrollment', summary: 'Read an enrollment' })
  @ApiOkResponse({ type: EnrollmentDto })
  @ApiProblems('invalid_request', 'not_found')
  get(@Param() { id }: EnrollmentPath, @CurrentActor() actor: Actor): Promise<EnrollmentDto> {
    return this.enrollments.require(id, actor);
  }

  @Patch(':id')
  @RequireScopes('assignments:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'updateEnrollment',
    summary: 'Change an enrollment',
    description:
      'Usually learning events move it. By hand: withdraw or expire it, or tell what no event told. The to-do on the platform follows.',
  })
  @ApiOkResponse({ type: EnrollmentDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found', 'conflict')
  update(
    @Param() { id }: EnrollmentPath,
    @Body() body: UpdateEnrollmentBody,
    @CurrentCaller() caller: Caller,
  ): Promise<EnrollmentDto> {
    return this.enrollments.update(id, body, caller);
  }

  @Post(':id/todo/retry')
  @HttpCode(202)
  @RequireScopes('assignments:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'retryEnrollmentTodo',
    summary: 'Try a to-do again',
    description: 'One that failed or was skipped, after its cause was repaired.',
  })
  @ApiAcceptedResponse({ type: EnrollmentDto, description: 'It is on its way again.' })
  @ApiProblems('invalid_request', 'not_found', 'conflict')
  retry(@Param() { id }: EnrollmentPath, @CurrentCaller() caller: Caller): Promise<EnrollmentDto> {
    return this.enrollments.retryTodo(id, caller);
  }
}
