import { must, until } from '../api.js';
import { onEachPlatform, type Lane, type Stage, type User } from '../lane.js';
import { note, seconds } from '../screen.js';

/** Somebody joins, moves and leaves: one change in the company, told by each platform in its own way. */
export async function followChanges(stage: Stage): Promise<void> {
  const { sandbox } = stage;
  const [home, target] = [...sandbox.company.departments()].filter(({ parentId }) => parentId > 1).slice(10);
  if (!home || !target) throw new Error('the company of the sandbox is too small for the story');
  const joiner = sandbox.mutations.hire({ name: '林小满', position: '培训专员', departmentIds: [home.id] });

  await onEachPlatform(
    stage,
    { zh: '3. 入职、调岗、离职', en: '3. A joiner, a mover, a leaver' },
    async (lane) => {
      const { tookMs } = await until('the joiner', async () =>
        (await find(stage, lane, joiner.account))?.displayName === joiner.name ? true : undefined,
      );
      return told(lane, '入职 joined', tookMs);
    },
  );
  sandbox.mutations.move(joiner.account, [target.id]);
  await onEachPlatform(stage, { zh: '调岗', en: 'Moved' }, async (lane) => {
    const { tookMs } = await until('the move', async () => {
      const places = (await find(stage, lane, joiner.account))?.memberships ?? [];
      const [place] = places;
      if (places.length !== 1 || !place) return undefined;
      const path = { id: place.departmentId };
      const { name } = must(await stage.admin.GET('/api/v1/departments/{id}', { params: { path } }));
      return name === target.name ? true : undefined;
    });
    return told(lane, '调岗 moved', tookMs);
  });
  sandbox.mutations.dismiss(joiner.account);
  await onEachPlatform(stage, { zh: '离职', en: 'Left' }, async (lane) => {
    const { tookMs } = await until('the leaver', async () =>
      (await find(stage, lane, joiner.account))?.status === 'disabled' ? true : undefined,
    );
    return told(lane, '离职 left', tookMs);
  });
  note(
    '钉钉与飞书的事件经由主机主动建立的长连接到达，不需要公网地址。',
    'Events of DingTalk and Feishu come over a connection the host itself opened: no public URL needed.',
  );
}

async function find(
  { admin }: Stage,
  { platform, connectionId }: Lane,
  account: string,
): Promise<User | undefined> {
  const externalId = platform.id === 'feishu' ? `user_id:${account}` : account;
  const query = { connectionId, externalId, limit: 1 };
  return must(await admin.GET('/api/v1/users', { params: { query } })).data[0];
}

function told({ figures, channel }: Lane, what: string, tookMs: number): string {
  (figures.changesMs ??= []).push(tookMs);
  return `${what} · ${seconds(tookMs)} 后生效 later in the directory · ${channel.zh} ${channel.en}`;
}
