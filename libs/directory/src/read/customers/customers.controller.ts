import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentActor, RequireScopes, type Actor } from '@trainbridge/access';
import { ApiListResponse, ApiProblems, type ListAnswer } from '@trainbridge/http-api';
import { CustomerDto, CustomerPath, CustomersQuery } from './customer.dto.js';
import { CustomerReader } from './customer-reader.js';

@ApiTags('Directory')
@Controller('api/v1/customers')
@RequireScopes('directory:read')
export class CustomersController {
  constructor(private readonly reader: CustomerReader) {}

  @Get()
  @ApiOperation({
    operationId: 'customers.list',
    summary: 'List customers',
    description:
      'SCRM contacts of platforms that have them. Those who are gone are not listed; the change feed tells of them.',
  })
  @ApiListResponse(CustomerDto)
  @ApiProblems('invalid_request', 'invalid_cursor')
  list(@Query() query: CustomersQuery, @CurrentActor() actor: Actor): Promise<ListAnswer<CustomerDto>> {
    return this.reader.list(query, actor);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'customers.get', summary: 'Read a customer' })
  @ApiOkResponse({ type: CustomerDto, description: 'The customer.' })
  @ApiProblems('invalid_request', 'not_found')
  get(@Param() { id }: CustomerPath, @CurrentActor() actor: Actor): Promise<CustomerDto> {
    return this.reader.require(id, actor);
  }
}
