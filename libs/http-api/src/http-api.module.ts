import { Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ErrorPageController } from './problems/error-page.controller.js';
import { ProblemFilter } from './problems/problem-filter.js';
import { ApiValidationPipe } from './validation/validation-pipe.js';

/** Problem documents, strict input and the error page for the whole application. Needs ApiHttpAdapter. */
@Module({
  controllers: [ErrorPageController],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: ApiValidationPipe },
  ],
})
export class HttpApiModule {}
