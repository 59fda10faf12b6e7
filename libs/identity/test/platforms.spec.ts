import * as oidc from 'openid-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../../apps/sandbox/src/index.js';
import { LoginApp } from './login-app.js';

const PLATFORMS = [
  ['dingtalk', 'DingTalk/7.6'],
  ['feishu', 'Lark/7.20'],
] as const;

/** The built-in connectors against the simulated platforms, up to what an independent client of the LMS learns. */
describe.each(PLATFORMS)('a person of %s', (platform, userAgent) => {
  let sandbox: Sandbox;
  let app: LoginApp;
  let connection: string;

  beforeAll(async () => {
    sandbox = await startSandbox({ people: 12, departments: 3 });
    app = await LoginApp.start(undefined, [`@trainbridge/connector-${platform}`]);
    connection = await app.connect(platform, platform, sandbox.connectionConfig(platform));
    const path = `/api/v1/connections/${connection}/runs`;
    const { body: run, text } = await app.host.call('POST', path, { kind: 'directory', mode: 'full' });
    let status = run.status ?? text;
    for (let tries = 0; tries < 400 && ['queued', 'running'].includes(status); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      ({ status } = (await app.host.call('GET', `/api/v1/runs/${run.id}`)).body);
    }
    expect(['success', 'partial']).toContain(status);
  });
  afterAll(async () => {
    await app?.stop();
    await sandbox?.close();
  });

  it.each([
    ['in a browser', 'Mozilla/5.0'],
    ['in the platform’s client', `Mozilla/5.0 (iPhone) ${userAgent}`],
  ])('signs in %s', async (_where, agent) => {
    const [person] = await app.query<{ id: string; externalId: string; name: string }>(
      `select id, external_id as "externalId", display_name as name from users where connection_id = $1 and status = 'active' order by id limit 1`,
      [connection],
    );
    const { account } = sandbox.company
      .people()
      .find((one) => one.account === person!.externalId || one.name === person!.name)!;
    const configuration = await app.discover(await app.client({ connectionIds: [connection] }));
    const { url, checks } = await app.authorize(configuration);
    const browser = app.browser({ 'user-agent': agent });
    const { location } = await browser.follow(url);
    const login = new URL(location!);
    login.searchParams.set('sandbox_user', account);
    const back = await fetch(login, { redirect: 'manual', headers: { 'user-agent': agent } });
    expect(back.status).toBe(302);
    const done = await browser.follow(back.headers.get('location')!);
    const answer = await oidc.authorizationCodeGrant(configuration, new URL(done.location!), checks);
    expect(answer.claims()).toMatchObject({ sub: person!.id, connection_id: connection });
    const userinfo = await oidc.fetchUserInfo(configuration, answer.access_token, person!.id);
    expect(userinfo.connection_id).toBe(connection);
  });
});
