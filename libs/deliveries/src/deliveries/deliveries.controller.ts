import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  CurrentCaller,
  Idempotent,
  RequireScopes,
  type Actor,
  type Caller,
} from '@trainbridge/access';
import { ApiListResponse, ApiProblems, type ListAnswer } from '@trainbridge/http-api';
import { DeliveriesQuery, DeliveryDetailDto, DeliveryDto } from './delivery.dto.js';
import { DeliveryReader } from './delivery-reader.js';
import { Redelivery } from './redelivery.js';

@ApiTags('Deliveries')
@Controller('api/v1/deliveries')
export class DeliveriesController {
  constructor(
    private readonly reader: DeliveryReader,
    private readonly redelivery: Redelivery,
  ) {}

  @Get()
  @RequireScopes('deliveries:read')
  @ApiOperation({
    operationId: 'listDeliveries',
    summary: 'List deliveries',
    description: 'What your subscriptions got or will get, newest first, each with its attempts.',
  })
  @ApiListResponse(DeliveryDto, 'Deliveries, newest first.')
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: DeliveriesQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<DeliveryDto>> {
    return this.reader.list(query, actor);
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
  get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<DeliveryDetailDto> {
    return this.reader.require(id, actor);
  }

  @Post(':id/retry')
  @HttpCode(202)
  @RequireScopes('deliveries:write')
  @Idempotent()
  @ApiOperation({
    operationId: 'retryDelivery',
    summary: 'Send a delivery now',
    description:
      'Takes the place of a pending automatic retry. A delivered or dead one is sent again, with a new round of retries and the same `webhook-id`.',
  })
  @ApiAcceptedResponse({ type: DeliveryDetailDto })
  @ApiProblems('not_found', 'conflict')
  retry(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<DeliveryDetailDto> {
    return this.redelivery.retry(id, caller);
  }
}
