import { Body, Controller, Get, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  CurrentCaller,
  Idempotent,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import { ApiListResponse, ApiProblems, type ListAnswer } from '@trainbridge/http-api';
import type { FastifyReply } from 'fastify';
import {
  AssignmentDto,
  AssignmentPath,
  AssignmentsQuery,
  CreateAssignmentBody,
  UpdateAssignmentBody,
} from './assignment.dto.js';
import { Assignments } from './assignments.js';

@ApiTags('Assignments')
@Controller('api/v1/assignments')
export class AssignmentsController {
  constructor(private readonly assignments: Assignments) {}

  @Post()
  @RequireScopes('assignments:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'createAssignment',
    summary: 'Assign a course',
    description:
      'Everybody of the audience is enrolled before the answer; people who are disabled are not. With `source` the same request may be sent any number of times.',
  })
  @ApiCreatedResponse({ type: AssignmentDto, description: 'The assignment, new.' })
  @ApiOkResponse({
    type: AssignmentDto,
    description: 'The assignment this source has already, with the same content.',
  })
  @ApiProblems('invalid_request', 'invalid_json', 'body_too_large', 'id_conflict', 'conflict')
  async create(
    @Body() body: CreateAssignmentBody,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AssignmentDto> {
    const { isNew, assignment } = await this.assignments.create(body, caller);
    void reply.status(isNew ? 201 : 200);
    return assignment;
  }

  @Get()
  @RequireScopes('assignments:read')
  @ApiOperation({
    operationId: 'listAssignments',
    summary: 'List assignments',
    description: 'Newest first: those for people you may see, and your own.',
  })
  @ApiListResponse(AssignmentDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: AssignmentsQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<AssignmentDto>> {
    return this.assignments.list(query, actor);
  }

  @Get(':id')
  @RequireScopes('assignments:read')
  @ApiOperation({ operationId: 'getAssignment', summary: 'Read an assignment' })
  @ApiOkResponse({ type: AssignmentDto })
  @ApiProblems('invalid_request', 'not_found')
  get(@Param() { id }: AssignmentPath, @CurrentActor() actor: Actor): Promise<AssignmentDto> {
    return this.assignments.require(id, actor);
  }

  @Patch(':id')
  @RequireScopes('assignments:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'updateAssignment',
    summary: 'Change or withdraw an assignment',
    description: 'Absent fields stay. Enrollments and the to-dos on the platform follow.',
  })
  @ApiOkResponse({ type: AssignmentDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found', 'forbidden', 'conflict')
  update(
    @Param() { id }: AssignmentPath,
    @Body() body: UpdateAssignmentBody,
    @CurrentCaller() caller: Caller,
  ): Promise<AssignmentDto> {
    return this.assignments.update(id, body, caller);
  }
}
