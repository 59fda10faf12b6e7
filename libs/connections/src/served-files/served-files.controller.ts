import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { ProblemError, Public } from '@trainbridge/http-api';
import { ServedFiles } from './served-files.js';

/** `/{name}`: the small text files a platform asks for as proof that a domain is ours. */
@ApiExcludeController()
@Controller()
export class ServedFilesController {
  constructor(private readonly files: ServedFiles) {}

  @Public()
  @Get(':fileName')
  @Header('content-type', 'text/plain; charset=utf-8')
  @Header('x-content-type-options', 'nosniff')
  @Header('cache-control', 'no-store')
  async read(@Param('fileName') fileName: string): Promise<string> {
    const content = await this.files.read(fileName);
    if (content === null) throw new ProblemError('route_not_found');
    return content;
  }
}
