import type { KoaContextWithOIDC } from 'oidc-provider';
import type { LoginAccount } from './accounts.js';
import type { OidcProviderModule } from './load-oidc-provider.js';

/**
 * When a person has to be asked. Beside what the standard says (no session, `prompt`, `max_age`): when the session is of
 * somebody who may not sign in here any more, or of another connection than the one asked for. Consent is never asked:
 * the company decided when it made the client.
 */
export function interactionPolicy({ interactionPolicy: { base, Check, Prompt } }: OidcProviderModule) {
  const policy = base();
  const login = policy.get('login')!;
  login.checks.add(
    new Check('account_gone', 'the person may not sign in any more', 'login_required', ({ oidc }) =>
      oidc.session?.accountId !== undefined && oidc.account === undefined
        ? Check.REQUEST_PROMPT
        : Check.NO_NEED_TO_PROMPT,
    ),
  );
  login.checks.add(
    new Check('other_connection', 'another connection is asked for', 'login_required', ({ oidc }) =>
      isOtherConnection(oidc) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
    ),
  );
  policy.add(new Prompt({ name: 'select_account', requestable: true }), 0);
  return policy;
}

function isOtherConnection({ params, account, result }: KoaContextWithOIDC['oidc']): boolean {
  const asked = params?.connection;
  if (asked === undefined || account === undefined || result?.login !== undefined) return false;
  return (account as LoginAccount).connectionId !== asked;
}
