import type { ConnectionContext } from '@trainbridge/connections';
import type { IdentityCapability, JsonObject, LoginSubject } from '@trainbridge/connector-kit';
import passport from 'passport';
import type { LoginMode } from './login-states.js';

/** One step of a login: towards the platform (`query` null) or back from it. */
export interface PlatformLoginStep {
  platform: ConnectionContext;
  identity: IdentityCapability<JsonObject>;
  redirectUri: string;
  mode: LoginMode;
  state: string;
  /** What the platform put into the address it sent the browser back to. */
  query: Record<string, string> | null;
}

export type StepOutcome<User> = { kind: 'redirect'; url: string } | { kind: 'success'; user: User };

type Verify<User> = (subject: LoginSubject, step: PlatformLoginStep) => Promise<User>;

/**
 * The one passport strategy: whatever a connector's `identity` capability can do, this can. What differs between
 * platforms is theirs; redirecting, succeeding and failing is passport's.
 */
export class PlatformStrategy<User extends object> extends passport.Strategy {
  override readonly name = 'platform';

  constructor(private readonly verify: Verify<User>) {
    super();
  }

  /**
   * Runs one step. Passport gives the actions to an object made for this one request; so does this, without the HTTP
   * request passport's middleware wants, so that a redirect is an answer like any other and the promise always settles.
   * @throws what the connector or `verify` throws.
   */
  run(step: PlatformLoginStep): Promise<StepOutcome<User>> {
    return new Promise((resolve, reject) => {
      const actions = {
        redirect: (url: string) => resolve({ kind: 'redirect', url }),
        success: (user: User) => resolve({ kind: 'success', user }),
        error: (error: Error) => reject(error),
      };
      const attempt = Object.assign(Object.create(this) as this & typeof actions, actions);
      attempt.authenticate(null, step);
    });
  }

  override authenticate(this: this & Actions<User>, _request: unknown, step: PlatformLoginStep): void {
    const { identity, platform, redirectUri, mode, state, query } = step;
    const work =
      query === null
        ? identity
            .authorizationUrl(platform.context, { redirectUri, state, mode })
            .then(({ url }) => this.redirect(url))
        : identity
            .authenticate(platform.context, { query, redirectUri, mode })
            .then((subject) => this.verify(subject, step))
            .then((user) => this.success(user));
    work.catch((error: Error) => this.error(error));
  }
}

interface Actions<User> {
  redirect(url: string): void;
  success(user: User): void;
  error(error: Error): void;
}
