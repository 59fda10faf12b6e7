import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
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
import { ApiListResponse, ApiProblems, ListQuery, type ListAnswer } from '@trainbridge/http-api';
import { DeliveryDetailDto } from '../deliveries/delivery.dto.js';
import { Redelivery } from '../deliveries/redelivery.js';
import {
  CreatedSubscriptionDto,
  CreateSubscriptionDto,
  RecoverDto,
  RecoveredDto,
  RotateSubscriptionSecretDto,
  SubscriptionDto,
  UpdateSubscriptionDto,
} from './subscription.dto.js';
import { Subscriptions } from './subscriptions.js';

@ApiTags('Subscriptions')
@Controller('api/v1/subscriptions')
@RequireScopes('subscriptions:write')
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly redelivery: Redelivery,
  ) {}

  @Post()
  @Idempotent()
  @ApiOperation({
    operationId: 'createSubscription',
    summary: 'Subscribe to events',
    description:
      'Matching events are sent to the URL as Standard Webhooks. The signing secret is in this answer and nowhere else. The subscription belongs to the calling client and never gets more than that client may see.',
  })
  @ApiCreatedResponse({ type: CreatedSubscriptionDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found')
  create(
    @Body() dto: CreateSubscriptionDto,
    @CurrentCaller() caller: Caller,
  ): Promise<CreatedSubscriptionDto> {
    return this.subscriptions.create(dto, caller);
  }

  @Get()
  @ApiOperation({
    operationId: 'listSubscriptions',
    summary: 'List subscriptions',
    description: 'Your own, newest first.',
  })
  @ApiListResponse(SubscriptionDto, 'Subscriptions, newest first.')
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: ListQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<SubscriptionDto>> {
    return this.subscriptions.list(query, actor);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getSubscription', summary: 'Read a subscription' })
  @ApiOkResponse({ type: SubscriptionDto })
  @ApiProblems('not_found')
  get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<SubscriptionDto> {
    return this.subscriptions.require(id, actor);
  }

  @Patch(':id')
  @Idempotent()
  @ApiOperation({
    operationId: 'updateSubscription',
    summary: 'Change a subscription',
    description: 'Absent fields stay. `status` disables it or, after a 410 for instance, enables it again.',
  })
  @ApiOkResponse({ type: SubscriptionDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found')
  update(
    @Param('id') id: string,
    @Body() dto: UpdateSubscriptionDto,
    @CurrentCaller() caller: Caller,
  ): Promise<SubscriptionDto> {
    return this.subscriptions.update(id, dto, caller);
  }

  @Delete(':id')
  @HttpCode(204)
  @Idempotent()
  @ApiOperation({
    operationId: 'deleteSubscription',
    summary: 'Delete a subscription',
    description: 'What still waits for it is canceled; the record of its deliveries stays.',
  })
  @ApiNoContentResponse({ description: 'Deleted.' })
  @ApiProblems('not_found')
  remove(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<void> {
    return this.subscriptions.remove(id, caller);
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @Idempotent()
  @ApiOperation({
    operationId: 'rotateSubscriptionSecret',
    summary: 'Rotate the signing secret',
    description:
      'During the overlap every webhook carries two signatures, so that no receiver has to switch at the same moment.',
  })
  @ApiOkResponse({ type: CreatedSubscriptionDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found')
  rotate(
    @Param('id') id: string,
    @Body() dto: RotateSubscriptionSecretDto,
    @CurrentCaller() caller: Caller,
  ): Promise<CreatedSubscriptionDto> {
    return this.subscriptions.rotateSecret(id, dto.overlapSeconds, caller);
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'testSubscription',
    summary: 'Send a test',
    description:
      'Sends a `ping` the way everything else is sent, to this subscription alone, once, and answers with the delivery and what the receiver said.',
  })
  @ApiOkResponse({ type: DeliveryDetailDto })
  @ApiProblems('not_found', 'conflict')
  test(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<DeliveryDetailDto> {
    return this.redelivery.test(id, caller);
  }

  @Post(':id/recover')
  @HttpCode(202)
  @Idempotent()
  @ApiOperation({
    operationId: 'recoverSubscription',
    summary: 'Send dead deliveries again',
    description:
      'Every dead delivery of this subscription that was made since then begins a new round of retries.',
  })
  @ApiAcceptedResponse({ type: RecoveredDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found', 'conflict')
  async recover(
    @Param('id') id: string,
    @Body() dto: RecoverDto,
    @CurrentCaller() caller: Caller,
  ): Promise<RecoveredDto> {
    return { recovered: await this.redelivery.recover(id, dto.since, caller) };
  }
}
