import { Controller, Get, Res } from '@nestjs/common';
import {
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiServiceUnavailableResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Connectors } from '@trainbridge/connections';
import { Public } from '@trainbridge/http-api';
import type { FastifyReply } from 'fastify';
import { DataSource } from 'typeorm';

const DATABASE_TIMEOUT_MS = 3_000;

class LiveDto {
  @ApiProperty({ enum: ['ok'] })
  status: string;
}

class ComponentDto {
  @ApiProperty({ example: 'database' })
  name: string;

  @ApiProperty()
  ok: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Why not; null when it is well.' })
  detail: string | null;
}

class ReadyDto {
  @ApiProperty({
    enum: ['ready', 'degraded', 'unavailable'],
    description: '`degraded`: a connector could not be loaded, everything else works.',
  })
  status: 'ready' | 'degraded' | 'unavailable';

  @ApiProperty({ type: [ComponentDto] })
  components: ComponentDto[];
}

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly connectors: Connectors,
  ) {}

  @Public()
  @Get('live')
  @ApiOperation({ operationId: 'health.live', summary: 'Is the process alive?' })
  @ApiOkResponse({ type: LiveDto, description: 'It is.' })
  live(): LiveDto {
    return { status: 'ok' };
  }

  @Public()
  @Get('ready')
  @ApiOperation({
    operationId: 'health.ready',
    summary: 'Can requests be served?',
    description:
      'Asks the database. A connector that failed to load makes it `degraded`, which still is 200.',
  })
  @ApiOkResponse({ type: ReadyDto, description: 'Yes, perhaps without some connectors.' })
  @ApiServiceUnavailableResponse({ type: ReadyDto, description: 'No: the database does not answer.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyDto> {
    const database = await this.database();
    const connectors = this.connectors.list().map((entry): ComponentDto => {
      const failed = entry.status === 'unavailable';
      // The reason is whatever the package threw, and this page is open: it stands where a token is needed.
      const detail = failed ? 'cannot be used; GET /api/v1/connectors says why' : null;
      return { name: `connector ${entry.packageName}`, ok: !failed, detail };
    });
    const degraded = connectors.some(({ ok }) => !ok);
    void reply.header('cache-control', 'no-store').status(database.ok ? 200 : 503);
    return {
      status: !database.ok ? 'unavailable' : degraded ? 'degraded' : 'ready',
      components: [database, ...connectors],
    };
  }

  private async database(): Promise<ComponentDto> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('no answer in time')), DATABASE_TIMEOUT_MS);
    });
    try {
      await Promise.race([this.dataSource.query('select 1'), timeout]);
      return { name: 'database', ok: true, detail: null };
    } catch {
      // The driver's message may name addresses and users; the log has it.
      return { name: 'database', ok: false, detail: 'the database does not answer' };
    } finally {
      clearTimeout(timer);
    }
  }
}
