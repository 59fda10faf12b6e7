import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  CurrentCaller,
  Idempotent,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import { ApiListResponse, ApiProblems, preferredLanguage, type ListAnswer } from '@trainbridge/http-api';
import { PlatformRedelivery } from '../platform/platform-redelivery.js';
import { RecoveredDto } from '../subscriptions/subscription.dto.js';
import { DeliveriesQuery, DeliveryDetailDto, DeliveryDto, RecoverPlatformDto } from './delivery.dto.js';
import { DeliveryReader } from './delivery-reader.js';
import { Redelivery } from './redelivery.js';

@ApiTags('Deliveries')
@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(
    private readonly reader: DeliveryReader,
    private readonly redelivery: Redelivery,
    private readonly platforms: PlatformRedelivery,
  ) {}

  @Get()
  @RequireScopes('deliveries:read')
  @ApiOperation({
    operationId: 'listDeliveries',
    summary: 'List deliveries',
    description:
      'What your subscriptions and, of the events you sent, the platforms got or will get, newest first, each with its attempts.',
  })
  @ApiListResponse(DeliveryDto, 'Deliveries, newest first.')
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(
    @Query() query: DeliveriesQuery,
    @CurrentActor() actor: Actor,
    @Headers('accept-language') acceptLanguage?: string,
  ): Promise<ListAnswer<DeliveryDto>> {
    return this.reader.list(query, actor, preferredLanguage(acceptLanguage));
  }

  @Get(':id')
  @RequireScopes('deliveries:read')
  @ApiOperation({
    operationId: 'getDelivery',
    summary: 'Read a delivery',
    description: 'With its body and all its attempts.',
  })
  @ApiOkResponse({ type: DeliveryDetailDto })
  @ApiProblems('not_found')
  get(
    @Param('id') id: string,
    @CurrentActor() actor: Actor,
    @Headers('accept-language') acceptLanguage?: string,
  ): Promise<DeliveryDetailDto> {
    return this.reader.require(id, actor, preferredLanguage(acceptLanguage));
  }

  @Post(':id/retry')
  @HttpCode(202)
  @RequireScopes('deliveries:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'retryDelivery',
    summary: 'Send a delivery now',
    description:
      'Takes the place of a pending automatic retry. A delivered or dead one is sent again, with a new round of retries and the same `webhook-id`. To a platform what went out in one call goes out again together.',
  })
  @ApiAcceptedResponse({ type: DeliveryDetailDto })
  @ApiProblems('not_found', 'conflict')
  retry(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<DeliveryDetailDto> {
    return this.redelivery.retry(id, caller);
  }

  @Post('recover')
  @HttpCode(202)
  @RequireScopes('deliveries:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'recoverPlatformDeliveries',
    summary: 'Tell a platform again',
    description:
      'Every dead delivery to the platform of this connection that was made since then begins a new round of retries: for when a credential or a permission has been repaired. Dead webhooks are recovered by subscription.',
  })
  @ApiAcceptedResponse({ type: RecoveredDto })
  @ApiProblems('invalid_request', 'invalid_json', 'not_found')
  async recover(
    @Body() { connectionId, since }: RecoverPlatformDto,
    @CurrentCaller() caller: Caller,
  ): Promise<RecoveredDto> {
    return { recovered: await this.platforms.recover(connectionId, since, caller) };
  }
}
