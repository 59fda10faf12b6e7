import { Controller, Get, Param, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@trainbridge/http-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { OpenIdProvider } from '../openid/openid-provider.js';
import { ErrorPageFilter } from '../pages/error-page.filter.js';
import { sendRedirect } from '../pages/send-page.js';
import { CourseDeepLinks } from './course-deep-links.js';
import { LoginPeople } from './login-people.js';
import { PlatformLogin } from './platform-login.js';

/** The link to a course that stands in messages and to-dos: whoever follows it arrives signed in. */
@ApiExcludeController()
@Controller('go')
@Public()
@UseFilters(ErrorPageFilter)
export class GoController {
  constructor(
    private readonly login: PlatformLogin,
    private readonly openid: OpenIdProvider,
    private readonly people: LoginPeople,
    private readonly courses: CourseDeepLinks,
  ) {}

  @Get(':connectionId/:courseId')
  async go(
    @Param('connectionId') connectionId: string,
    @Param('courseId') courseId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const userId = await this.openid.signedIn(request, reply);
    const user = userId === null ? null : await this.people.active(userId);
    const url =
      user?.connectionId === connectionId
        ? await this.courses.urlFor(user, courseId)
        : await this.login.begin(connectionId, { kind: 'course', courseId }, { request, reply });
    await sendRedirect(reply, url);
  }
}
