import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import {
  CurrentActor,
  CurrentCaller,
  Idempotent,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import { ApiListResponse, ApiProblems, type ListAnswer } from '@trainbridge/http-api';
import { FiringDto, FiringsQuery } from './firing.dto.js';
import { CreateRuleBody, RuleDto, RulePath, RulesQuery, UpdateRuleBody } from './rule.dto.js';
import { TestRuleBody, TestRuleDto } from './rule-test.dto.js';
import { RuleTest } from './rule-test.js';
import { Rules } from './rules.js';

@ApiTags('Rules')
@Controller('api/v1/rules')
export class RulesController {
  constructor(
    private readonly rules: Rules,
    private readonly tests: RuleTest,
  ) {}

  @Post()
  @RequireScopes('assignments:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'createRule',
    summary: 'Make a rule',
    description:
      'When what it waits for happens on the platform and its condition is true, it assigns the course: once for each task, customer or user.',
  })
  @ApiCreatedResponse({ type: RuleDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found')
  create(@Body() body: CreateRuleBody, @CurrentCaller() caller: Caller): Promise<RuleDto> {
    return this.rules.create(body, caller);
  }

  @Get()
  @RequireScopes('assignments:read')
  @ApiOperation({ operationId: 'listRules', summary: 'List rules', description: 'Newest first.' })
  @ApiListResponse(RuleDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: RulesQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<RuleDto>> {
    return this.rules.list(query, actor);
  }

  @Get(':id')
  @RequireScopes('assignments:read')
  @ApiOperation({ operationId: 'getRule', summary: 'Read a rule' })
  @ApiOkResponse({ type: RuleDto })
  @ApiProblems('invalid_request', 'not_found')
  get(@Param() { id }: RulePath, @CurrentActor() actor: Actor): Promise<RuleDto> {
    return this.rules.require(id, actor);
  }

  @Patch(':id')
  @RequireScopes('assignments:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'updateRule',
    summary: 'Change a rule',
    description: 'Absent fields stay. Assignments it has made stay as they are.',
  })
  @ApiOkResponse({ type: RuleDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found')
  update(
    @Param() { id }: RulePath,
    @Body() body: UpdateRuleBody,
    @CurrentCaller() caller: Caller,
  ): Promise<RuleDto> {
    return this.rules.update(id, body, caller);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('assignments:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'deleteRule',
    summary: 'Delete a rule',
    description: 'What it has made stays.',
  })
  @ApiNoContentResponse({ description: 'Deleted.' })
  @ApiProblems('invalid_request', 'not_found')
  remove(@Param() { id }: RulePath, @CurrentCaller() caller: Caller): Promise<void> {
    return this.rules.remove(id, caller);
  }

  @Post(':id/test')
  @HttpCode(200)
  @RequireScopes('assignments:read')
  @ApiOperation({
    operationId: 'testRule',
    summary: 'Try a rule',
    description:
      'With a stored task, customer or user, or with a record made up: tells what it would do and does nothing.',
  })
  @ApiOkResponse({ type: TestRuleDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found')
  test(
    @Param() { id }: RulePath,
    @Body() body: TestRuleBody,
    @CurrentActor() actor: Actor,
  ): Promise<TestRuleDto> {
    return this.tests.run(id, body, actor);
  }

  @Get(':id/firings')
  @RequireScopes('assignments:read')
  @ApiOperation({
    operationId: 'listRuleFirings',
    summary: 'List what a rule looked at',
    description: 'With what came of it: the assignment it made, or why it made none.',
  })
  @ApiListResponse(FiringDto)
  @ApiProblems('invalid_request', 'invalid_cursor', 'not_found')
  firings(
    @Param() { id }: RulePath,
    @Query() query: FiringsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ListAnswer<FiringDto>> {
    return this.rules.firings(id, query, actor);
  }
}
