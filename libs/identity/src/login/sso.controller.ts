import { Controller, Get, Param, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { OAuthClients } from '@trainbridge/access';
import type { DirectoryUser } from '@trainbridge/directory';
import { Public } from '@trainbridge/http-api';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Interaction } from 'oidc-provider';
import { OpenIdProvider } from '../openid/openid-provider.js';
import { ErrorPageFilter } from '../pages/error-page.filter.js';
import { pageLanguage, type Page } from '../pages/page.js';
import { sendPage, sendRedirect } from '../pages/send-page.js';
import { PublicAddress } from '../public-address.js';
import { CourseDeepLinks } from './course-deep-links.js';
import { LoginChoices, obviousChoice, type LoginChoice } from './login-choices.js';
import { noConnection } from './login-problem.js';
import { PlatformLogin } from './platform-login.js';

/** Where people's browsers pass on their way to a platform and back. Pages and redirects, no API. */
@ApiExcludeController()
@Controller('sso')
@Public()
@UseFilters(ErrorPageFilter)
export class SsoController {
  constructor(
    private readonly login: PlatformLogin,
    private readonly openid: OpenIdProvider,
    private readonly choices: LoginChoices,
    private readonly clients: OAuthClients,
    private readonly courses: CourseDeepLinks,
    private readonly address: PublicAddress,
  ) {}

  /** An OpenID request that needs somebody to sign in. */
  @Get('interactions/:uid')
  async interaction(
    @Param('uid') uid: string,
    @Query('connection') chosen: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const interaction = await this.openid.interaction(uid, request, reply);
    if (interaction.prompt.name === 'consent')
      return sendRedirect(reply, await this.openid.consent(interaction));
    const choices = await this.choicesOf(interaction);
    // What the LMS named stands: it may take whoever comes back for somebody of that company.
    const wanted = interaction.params.connection ?? chosen;
    const choice =
      choices.find(({ connectionId }) => connectionId === wanted) ??
      obviousChoice(choices, request.headers['user-agent']);
    if (choice === null) {
      const page = chooser(this.address.path(`/sso/interactions/${uid}`), choices);
      return sendPage(reply, page, pageLanguage(request.headers, interaction.params.ui_locales));
    }
    const url = await this.login.begin(choice.connectionId, { kind: 'interaction', uid }, { request, reply });
    await sendRedirect(reply, url);
  }

  /** A login for its own sake: to see whether it works, or to be signed in before the LMS asks. */
  @Get(':connectionId/login')
  async begin(
    @Param('connectionId') connectionId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await sendRedirect(reply, await this.login.begin(connectionId, { kind: 'session' }, { request, reply }));
  }

  /** Where the platform sends people back to. */
  @Get(':connectionId/callback')
  async callback(
    @Param('connectionId') connectionId: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { user, purpose } = await this.login.finish(connectionId, { request, reply });
    if (purpose.kind === 'interaction') {
      return sendRedirect(reply, await this.openid.complete(purpose.uid, user.id, request, reply));
    }
    await this.openid.signIn(user.id, request, reply);
    if (purpose.kind === 'session') return sendPage(reply, signedIn(user), pageLanguage(request.headers));
    await sendRedirect(reply, await this.courses.urlFor(user, purpose.courseId));
  }

  /** @throws {LoginProblem} when the client has no connection people can sign in through. */
  private async choicesOf({ params }: Interaction): Promise<LoginChoice[]> {
    const client = await this.clients.find(String(params.client_id));
    const choices = client === null ? [] : await this.choices.list(client.connectionIds);
    if (choices.length === 0) throw noConnection();
    return choices;
  }
}

function chooser(path: string, choices: LoginChoice[]): Page {
  const links = choices.map(({ connectionId, name, platform }) => ({
    href: `${path}?connection=${encodeURIComponent(connectionId)}`,
    text: name,
    detail: platform,
  }));
  return { title: CHOOSE, paragraphs: [CHOOSE_TEXT], links };
}

function signedIn({ displayName, externalId }: DirectoryUser): Page {
  return { title: SIGNED_IN, paragraphs: [displayName ?? externalId, SIGNED_IN_TEXT] };
}

const CHOOSE = { en: 'Sign in', 'zh-CN': '登录' };
const CHOOSE_TEXT = {
  en: 'With which platform do you want to sign in?',
  'zh-CN': '请选择用于登录的平台：',
};
const SIGNED_IN = { en: 'You are signed in', 'zh-CN': '登录成功' };
const SIGNED_IN_TEXT = {
  en: 'You can open the training system now.',
  'zh-CN': '现在可以打开培训系统了。',
};
