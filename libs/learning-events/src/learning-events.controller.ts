import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiExtraModels,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { CurrentActor, Idempotent, RequireScopes, type Actor } from '@trainbridge/access';
import { ApiProblems, BodyLimit, invalid, preferredLanguage, type ListAnswer } from '@trainbridge/http-api';
import { checkEvent } from './accept/check-event.js';
import { LearningEventDoor } from './accept/learning-event-door.js';
import { eventsOf } from './accept/envelope.js';
import { AcceptedLearningEventsDto, LearningEventBatchDto, LearningEventDto } from './learning-event.dto.js';
import { LearningEventReader } from './read/learning-event-reader.js';
import { LearningEventsQuery } from './read/learning-events-query.js';
import { StoredLearningEventDto } from './read/stored-learning-event.dto.js';

const BODY_LIMIT = 4 * 1024 * 1024;

@ApiTags('Learning events')
@ApiExtraModels(LearningEventDto, LearningEventBatchDto, StoredLearningEventDto)
@Controller('api/v1/learning-events')
export class LearningEventsController {
  constructor(
    private readonly door: LearningEventDoor,
    private readonly reader: LearningEventReader,
  ) {}

  @Post()
  @HttpCode(202)
  @BodyLimit(BODY_LIMIT)
  @RequireScopes('learning-events:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'sendLearningEvents',
    summary: 'Send learning events',
    description:
      'One event, or up to 1,000 as `{"events": […]}` (4 MiB). What was accepted or held is durable before the answer. A bad event of a batch is reported in `rejected` and the others are taken; sending the same event again does nothing.',
  })
  @ApiBody({
    schema: {
      oneOf: [{ $ref: getSchemaPath(LearningEventDto) }, { $ref: getSchemaPath(LearningEventBatchDto) }],
    },
  })
  @ApiAcceptedResponse({ type: AcceptedLearningEventsDto })
  @ApiProblems('invalid_request', 'invalid_json', 'body_too_large')
  async send(
    @Body() body: unknown,
    @CurrentActor() actor: Actor,
    @Headers('accept-language') acceptLanguage?: string,
  ): Promise<AcceptedLearningEventsDto> {
    const language = preferredLanguage(acceptLanguage);
    const { events, isBatch } = eventsOf(body);
    if (!isBatch) {
      const checked = checkEvent(events[0], language);
      if ('errors' in checked && checked.errors.length > 0) throw invalid(checked.errors);
    }
    return this.door.accept(events, actor, language);
  }

  @Get()
  @RequireScopes('learning-events:read')
  @ApiOperation({
    operationId: 'listLearningEvents',
    summary: 'List learning events',
    description:
      'What was sent in, newest first, with how many there are in all. A client sees its own events.',
  })
  @ApiOkResponse({
    description: 'Learning events, newest first.',
    schema: {
      type: 'object',
      required: ['data', 'nextCursor'],
      properties: {
        data: { type: 'array', items: { $ref: getSchemaPath(StoredLearningEventDto) } },
        nextCursor: {
          type: 'string',
          nullable: true,
          description: 'Give it as `cursor` to read the next page; null on the last page.',
        },
        count: { type: 'integer', description: 'How many events match in all; absent with `count=false`.' },
      },
    },
  })
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(
    @Query() query: LearningEventsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<ListAnswer<StoredLearningEventDto> & { count?: number }> {
    return this.reader.list(query, actor);
  }

  @Get(':id')
  @RequireScopes('learning-events:read')
  @ApiOperation({
    operationId: 'getLearningEvent',
    summary: 'Read a learning event',
    description: 'By the `id` it was sent in with, or by our `recordId`.',
  })
  @ApiOkResponse({ type: StoredLearningEventDto })
  @ApiProblems('not_found')
  get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<StoredLearningEventDto> {
    return this.reader.require(id, actor);
  }
}
