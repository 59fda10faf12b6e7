/**
 * GENERATED from openapi.json by `npm run openapi`. Do not edit.
 */

export interface paths {
    "/api/v1/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List assignments
         * @description Newest first: those for people you may see, and your own.
         */
        get: operations["assignments.list"];
        put?: never;
        /**
         * Assign a course
         * @description Everybody of the audience is enrolled before the answer; people who are disabled are not. With `source` the same request may be sent any number of times.
         */
        post: operations["assignments.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/assignments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an assignment */
        get: operations["assignments.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change or withdraw an assignment
         * @description Absent fields stay. Enrollments and the to-dos on the platform follow.
         */
        patch: operations["assignments.update"];
        trace?: never;
    };
    "/api/v1/audit-entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who changed what, from where
         * @description Newest first. A client limited to some connections sees only what concerns those.
         */
        get: operations["auditEntries.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API clients
         * @description Newest first.
         */
        get: operations["clients.list"];
        put?: never;
        /**
         * Create an API client
         * @description The secret is in this answer and nowhere else. Nobody can hand out scopes or connections beyond their own.
         */
        post: operations["clients.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an API client */
        get: operations["clients.get"];
        put?: never;
        post?: never;
        /**
         * Delete an API client
         * @description Its secrets and tokens stop working at once, everywhere.
         */
        delete: operations["clients.delete"];
        options?: never;
        head?: never;
        /**
         * Change an API client
         * @description Absent fields stay. What is taken away is gone from its tokens at once.
         */
        patch: operations["clients.update"];
        trace?: never;
    };
    "/api/v1/clients/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an API client a new secret
         * @description The secret so far goes on working for `overlapSeconds`, so that the client can be switched over in peace.
         */
        post: operations["clients.rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the API tokens of a client
         * @description Newest first.
         */
        get: operations["clients.tokens.list"];
        put?: never;
        /**
         * Create an API token
         * @description A long-lived token for callers that cannot do OAuth 2. It is in this answer and nowhere else.
         */
        post: operations["clients.tokens.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/clients/{id}/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API token
         * @description At once, everywhere.
         */
        delete: operations["clients.tokens.delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List connections
         * @description Oldest first.
         */
        get: operations["connections.list"];
        put?: never;
        /**
         * Connect a company
         * @description The configuration is validated with the connector’s schema; nothing is called yet: use `check` next.
         */
        post: operations["connections.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import a connection’s configuration
         * @description Makes a new connection of an exported document, or brings an existing one to its state. Secrets are given in `config`.
         */
        post: operations["connections.import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a connection */
        get: operations["connections.get"];
        put?: never;
        post?: never;
        /**
         * Delete a connection
         * @description Its secrets, exchanges and platform events go with it; `people` says what becomes of its people.
         */
        delete: operations["connections.delete"];
        options?: never;
        head?: never;
        /**
         * Change a connection
         * @description A JSON Merge Patch (RFC 7396): what is absent stays, a secret that is absent stays, null goes back to the default.
         */
        patch: operations["connections.update"];
        trace?: never;
    };
    "/api/v1/connections/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a connection
         * @description Asks the platform, reading only: token, outbound address, permissions, visible range, readable fields, head count. With `fixtures` it also answers what the platform said, pseudonymised.
         */
        post: operations["connections.check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export a connection’s configuration
         * @description To be imported on another host, such as from test to production. Without secrets, proxy and people; what was never set is left out.
         */
        get: operations["connections.export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a run
         * @description Reads the platform, plans, and applies the plan unless the guard blocks it. A host that is killed and started again goes on with the same run. One at a time per connection and kind.
         */
        post: operations["connections.runs"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connections/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures of a connection */
        get: operations["connections.stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/connectors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the connectors of this host
         * @description With the schema their configuration must follow. One that could not be loaded says why.
         */
        get: operations["connectors.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/courses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List courses
         * @description Your own catalogue, in order of id; with the admin token all catalogues.
         */
        get: operations["courses.list"];
        /**
         * Write courses
         * @description Adds courses to your catalogue and changes those that are in it, up to 1,000 at once; others stay. Titles and addresses are what to-dos show and where they lead.
         */
        put: operations["courses.replace"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List customers
         * @description SCRM contacts of platforms that have them. Those who are gone are not listed; the change feed tells of them.
         */
        get: operations["customers.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a customer */
        get: operations["customers.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List deliveries
         * @description What your subscriptions and, of the events you sent, the platforms got or will get, newest first, each with its attempts.
         */
        get: operations["deliveries.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell a platform again
         * @description Every dead delivery to the platform of this connection that was made since then begins a new round of retries: for when a credential or a permission has been repaired. Dead webhooks are recovered by subscription.
         */
        post: operations["deliveries.recover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a delivery
         * @description With its body and all its attempts.
         */
        get: operations["deliveries.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a delivery now
         * @description Takes the place of a pending automatic retry. A delivered or dead one is sent again, with a new round of retries and the same `webhook-id`. To a platform what went out in one call goes out again together.
         */
        post: operations["deliveries.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List departments
         * @description Disabled ones too, unless `status` says otherwise. In no particular order: a child may come before its parent.
         */
        get: operations["departments.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/departments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a department */
        get: operations["departments.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/directory/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the change feed
         * @description Every change of the directory in the order it was committed, each exactly once per cursor. Apply `after`, keep `nextCursor` with what you stored, ask again; when the page is empty, wait a while before you do.
         */
        get: operations["directory.changes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrollments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List enrollments
         * @description One for each person of an assignment, newest first, with the to-do on the platform.
         */
        get: operations["enrollments.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/enrollments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an enrollment */
        get: operations["enrollments.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change an enrollment
         * @description Usually learning events move it. By hand: withdraw or expire it, or tell what no event told. The to-do on the platform follows.
         */
        patch: operations["enrollments.update"];
        trace?: never;
    };
    "/api/v1/enrollments/{id}/todo/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a to-do again
         * @description One that failed or was skipped, after its cause was repaired.
         */
        post: operations["enrollments.todo.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/exchanges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List HTTP calls
         * @description Every call to a platform and every callback from one, newest first. Successes are kept for 7 days, failures for 30.
         */
        get: operations["exchanges.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/learning-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List learning events
         * @description What was sent in, newest first, with how many there are in all. A client sees its own events.
         */
        get: operations["learningEvents.list"];
        put?: never;
        /**
         * Send learning events
         * @description One event, or up to 1,000 as `{"events": […]}` (4 MiB). What was accepted or held is durable before the answer. A bad event of a batch is reported in `rejected` and the others are taken; sending the same event again does nothing.
         */
        post: operations["learningEvents.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/learning-events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a learning event
         * @description By the `id` it was sent in with, or by our `recordId`.
         */
        get: operations["learningEvents.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what platforms told us
         * @description Newest first, raw and decoded, with what became of it. Kept for 30 days after it ended.
         */
        get: operations["platformEvents.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform-events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a platform event */
        get: operations["platformEvents.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/platform-events/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Handle a platform event again
         * @description Whatever became of it before. Events are hints: what it is about is read anew, so this is safe.
         */
        post: operations["platformEvents.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List rules
         * @description Newest first.
         */
        get: operations["rules.list"];
        put?: never;
        /**
         * Make a rule
         * @description When what it waits for happens on the platform and its condition is true, it assigns the course: once for each task, customer or user.
         */
        post: operations["rules.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a rule */
        get: operations["rules.get"];
        put?: never;
        post?: never;
        /**
         * Delete a rule
         * @description What it has made stays.
         */
        delete: operations["rules.delete"];
        options?: never;
        head?: never;
        /**
         * Change a rule
         * @description Absent fields stay. Assignments it has made stay as they are.
         */
        patch: operations["rules.update"];
        trace?: never;
    };
    "/api/v1/rules/{id}/firings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a rule looked at
         * @description With what came of it: the assignment it made, or why it made none.
         */
        get: operations["rules.firings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rules/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a rule
         * @description With a stored task, customer or user, or with a record made up: tells what it would do and does nothing.
         */
        post: operations["rules.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs
         * @description Newest first.
         */
        get: operations["runs.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a run */
        get: operations["runs.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Apply a plan, or approve a blocked run
         * @description Exactly the plan that was shown; when somebody in it has changed since, nothing is done (`plan_outdated`).
         */
        post: operations["runs.apply"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a run
         * @description What it applied so far stays applied.
         */
        post: operations["runs.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what a run changes
         * @description One line per department or person, each changed field before and after. With `Accept: text/csv` the whole plan as one file, one row per field, safe to open in a spreadsheet.
         */
        get: operations["runs.plan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/progress": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a run
         * @description Server-sent events: `progress` with the run whenever it changed, `end` with the run when it is over.
         */
        get: operations["runs.progress"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{id}/rejected": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the records a run could not take
         * @description With the reason and the raw record. They make a run `partial`: it disables nobody for being absent.
         */
        get: operations["runs.rejected"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List subscriptions
         * @description Your own, newest first.
         */
        get: operations["subscriptions.list"];
        put?: never;
        /**
         * Subscribe to events
         * @description Matching events are sent to the URL as Standard Webhooks. The signing secret is in this answer and nowhere else. The subscription belongs to the calling client and never gets more than that client may see.
         */
        post: operations["subscriptions.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a subscription */
        get: operations["subscriptions.get"];
        put?: never;
        post?: never;
        /**
         * Delete a subscription
         * @description What still waits for it is canceled; the record of its deliveries stays.
         */
        delete: operations["subscriptions.delete"];
        options?: never;
        head?: never;
        /**
         * Change a subscription
         * @description Absent fields stay. `status` disables it or, after a 410 for instance, enables it again.
         */
        patch: operations["subscriptions.update"];
        trace?: never;
    };
    "/api/v1/subscriptions/{id}/recover": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send dead deliveries again
         * @description Every dead delivery of this subscription that was made since then begins a new round of retries.
         */
        post: operations["subscriptions.recover"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate the signing secret
         * @description During the overlap every webhook carries two signatures, so that no receiver has to switch at the same moment.
         */
        post: operations["subscriptions.rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test
         * @description Sends a `ping` the way everything else is sent, to this subscription alone, once, and answers with the delivery and what the receiver said.
         */
        post: operations["subscriptions.test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the platforms’ tasks
         * @description Approvals and other tasks as they were read last, newest first. What rules look at.
         */
        get: operations["tasks.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a task */
        get: operations["tasks.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List users
         * @description Disabled ones too, unless `status` says otherwise. For a copy of the directory: read all pages, then follow the change feed from the `feedCursor` of the first page.
         */
        get: operations["users.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a user */
        get: operations["users.get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/callbacks/{connectionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Verify the event URL
         * @description What a platform calls when the URL is entered in its console.
         */
        get: operations["callbacks.verify"];
        put?: never;
        /**
         * Take events of a platform
         * @description Signed by the platform; verified over the raw body. What it tells is committed before the answer; a repeated event is accepted and changes nothing.
         */
        post: operations["callbacks.receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive? */
        get: operations["health.live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can requests be served?
         * @description Asks the database. A connector that failed to load makes it `degraded`, which still is 200.
         */
        get: operations["health.ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/oauth2/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange a client’s credentials for an access token
         * @description OAuth 2.0 client credentials (RFC 6749 section 4.4). Credentials by HTTP Basic or in the body; form or JSON.
         */
        post: operations["oauth2.token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    assignment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A course was assigned
         * @description Sent to the `url` of each subscription whose `eventTypes` match, signed as [Standard Webhooks](https://www.standardwebhooks.com) says: HMAC-SHA256 over `webhook-id.webhook-timestamp.body` with the subscription’s secret. At least once: drop a `webhook-id` you have seen.
         */
        post: operations["webhooks.assignment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    enrollment: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Somebody was enrolled, or is further with it
         * @description Sent to the `url` of each subscription whose `eventTypes` match, signed as [Standard Webhooks](https://www.standardwebhooks.com) says: HMAC-SHA256 over `webhook-id.webhook-timestamp.body` with the subscription’s secret. At least once: drop a `webhook-id` you have seen.
         */
        post: operations["webhooks.enrollment"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    learningEvent: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A learning event
         * @description Sent to the `url` of each subscription whose `eventTypes` match, signed as [Standard Webhooks](https://www.standardwebhooks.com) says: HMAC-SHA256 over `webhook-id.webhook-timestamp.body` with the subscription’s secret. At least once: drop a `webhook-id` you have seen.
         */
        post: operations["webhooks.learningEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    run: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A run ended
         * @description Sent to the `url` of each subscription whose `eventTypes` match, signed as [Standard Webhooks](https://www.standardwebhooks.com) says: HMAC-SHA256 over `webhook-id.webhook-timestamp.body` with the subscription’s secret. At least once: drop a `webhook-id` you have seen.
         */
        post: operations["webhooks.run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        AcceptedLearningEventsDto: {
            /** @description New events whose learner is known. */
            accepted: number;
            /** @description Events that were here already, with the same content. */
            duplicates: number;
            /** @description New events whose learner is not known yet; subscriptions get them at once, and they are resolved when the person appears. */
            held: number;
            rejected: components["schemas"]["RejectedLearningEventDto"][];
        };
        ApiTokenDto: {
            /** @example tok_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            name: string | null;
            /**
             * @description The last four characters.
             * @example x9Qa
             */
            last4: string;
            scopes: components["schemas"]["Scope"][];
            /** Format: date-time */
            expiresAt: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Recorded within some seconds.
             */
            lastUsedAt: string | null;
            /** @example 203.0.113.7 */
            lastUsedIp: string | null;
        };
        AssignmentDto: {
            /** @example asg_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            source: components["schemas"]["AssignmentSourceDto"];
            /** @example c-101 */
            courseId: string;
            audience: components["schemas"]["AudienceDto"];
            /**
             * @description Its own, or the course’s as it is now.
             * @example 信息安全基础
             */
            title: string;
            url: string | null;
            /** Format: date-time */
            dueAt: string | null;
            isMandatory: boolean;
            /** @enum {string} */
            status: "active" | "withdrawn";
            /** @description The connections whose people it is for. */
            connectionIds: string[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        AssignmentSourceBody: {
            /**
             * @description What kind of thing it is made for, in your own words.
             * @example onboarding
             */
            kind: string;
            /**
             * @description Your id of that thing.
             * @example case-4711
             */
            externalId: string;
        };
        AssignmentSourceDto: {
            /** @description The client that made it; null: the admin token. */
            clientId?: string | null;
            /** @description The rule that made it. */
            ruleId?: string;
            /**
             * @description Of a rule: `task`, `customer` or `user`.
             * @example onboarding
             */
            kind: string;
            /**
             * @description Of a rule: the platform’s id of the task, customer or user.
             * @example case-4711
             */
            externalId: string;
        };
        AttemptErrorDto: {
            /**
             * @description Of a receiver, or of a connector; `skipped`: the platform offers no way to be told.
             * @enum {string}
             */
            code: "timeout" | "connection_failed" | "name_not_resolved" | "tls_failed" | "address_refused" | "bad_answer" | "redirect_refused" | "status" | "config_invalid" | "auth_failed" | "permission_denied" | "input_invalid" | "not_found" | "rate_limited" | "unavailable" | "cursor_expired" | "bad_response" | "internal" | "skipped";
            /** @example The receiver answered 503. */
            message: string;
            /** @description What to do about it: which console page to open, what to tick; in the language of `Accept-Language`. */
            advice?: string;
            /**
             * @description The platform’s own code.
             * @example 60111
             */
            vendorCode?: string;
            /** @description What the platform itself said. */
            vendorMessage?: string;
            /** @description What to name when asking the platform’s support. */
            vendorRequestId?: string;
        };
        AttemptRequestDto: {
            /** Format: uri */
            url: string;
            /** @description Values of your own headers are hidden. */
            headers: {
                [key: string]: string;
            };
        };
        AttemptResponseDto: {
            /** @example 503 */
            status: number;
            /** @description The beginning of the body, at most 4 KiB. */
            excerpt: string | null;
        };
        AudienceBody: {
            /** @description Ids of Users. */
            userIds?: string[];
            /** @description Ids of Customers. */
            customerIds?: string[];
            departments?: components["schemas"]["AudienceDepartmentDto"][];
            /**
             * @description Customers with one of these tags, by the tag’s id or name.
             * @example [
             *       "VIP"
             *     ]
             */
            tags?: string[];
            /**
             * @description Who joins the departments or gets a tag later is enrolled then; who leaves before starting is withdrawn.
             * @default false
             */
            live?: boolean;
        };
        AudienceDepartmentDto: {
            /**
             * @description A Department’s id.
             * @example dep_0198c2a4e2d07c1f5a9be3d46b20
             */
            id: string;
            /**
             * @description The people of all departments below it, too.
             * @default true
             */
            includeDescendants?: boolean;
        };
        AudienceDto: {
            userIds: string[];
            customerIds: string[];
            departments: components["schemas"]["AudienceDepartmentDto"][];
            tags: string[];
            live: boolean;
        };
        AuditActorDto: {
            /** @enum {string} */
            kind: "admin" | "client" | "system";
            /** @description The client; null for the admin token and the system. */
            clientId: string | null;
            /**
             * @description The name it had then.
             * @example LMS production
             */
            name: string;
        };
        AuditEntryDto: {
            /** @example aud_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            /**
             * Format: date-time
             * @description When it was done.
             */
            at: string;
            /** @description Who did it. */
            actor: components["schemas"]["AuditActorDto"];
            /**
             * @description What was done.
             * @example client.updated
             */
            action: string;
            /** @description To what it was done. */
            subject: components["schemas"]["AuditSubjectDto"];
            /** @description The connection it concerns. */
            connectionId: string | null;
            /** @description The fields that changed, as they were; without secrets. */
            before: {
                [key: string]: unknown;
            } | null;
            /** @description The fields that changed, as they became; without secrets. */
            after: {
                [key: string]: unknown;
            } | null;
            /**
             * @description The address it came from.
             * @example 203.0.113.7
             */
            ip: string | null;
            /** @description The request that did it. */
            requestId: string | null;
        };
        AuditSubjectDto: {
            /** @example client */
            type: string;
            /** @example cli_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
        };
        ChangeSubjectDto: {
            /** @enum {string} */
            kind: "user" | "department" | "customer";
            /** @example usr_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            /**
             * @description The platform’s id; null when it was erased.
             * @example ZhangSan
             */
            externalId: string | null;
            /** @example con_0198c2a4e2d07c1f5a9be3d46b20 */
            connectionId: string;
        };
        CheckBody: {
            /**
             * @description Also answer what the platform said, with every name, id and number replaced: recordings for tests of the connector.
             * @default false
             */
            fixtures?: boolean;
        };
        CheckFixtureDto: {
            /** @example GET */
            method: string;
            /**
             * @description Path only.
             * @example /cgi-bin/department/list
             */
            path: string;
            /** @description Pseudonymised, without secrets. */
            query: {
                [key: string]: unknown;
            };
            json: {
                [key: string]: unknown;
            } | null;
            /** @description Null: no answer came. */
            status: number | null;
            body: {
                [key: string]: unknown;
            } | null;
        };
        CheckResultDto: {
            /** @description True when every finding is. */
            ok: boolean;
            findings: components["schemas"]["FindingDto"][];
            /** @description With `fixtures`: the calls, in their order. */
            fixtures?: components["schemas"]["CheckFixtureDto"][];
        };
        ClientDto: {
            /** @example cli_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            /**
             * @description The `client_id` of OAuth 2; the same as `id`.
             * @example cli_0198c2a4e2d07c1f5a9be3d46b20
             */
            clientId: string;
            /** @example LMS production */
            name: string;
            scopes: components["schemas"]["Scope"][];
            /** @description Null: all connections. */
            connectionIds: string[] | null;
            /** @description Null: any address. */
            allowedIps: string[] | null;
            /**
             * Format: date-time
             * @description Null: never.
             */
            expiresAt: string | null;
            accessTokenTtlSeconds: number;
            redirectUris: string[];
            /** @description The secrets that work at the moment; never themselves. */
            secrets: components["schemas"]["ClientSecretInfoDto"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ClientSecretInfoDto: {
            /**
             * @description The last four characters.
             * @example x9Qa
             */
            last4: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description Set once it was replaced.
             */
            expiresAt: string | null;
        };
        ComponentDto: {
            /** @example database */
            name: string;
            ok: boolean;
            /** @description Why not; null when it is well. */
            detail: string | null;
        };
        ConnectionDocument: {
            /**
             * @description IANA time zone.
             * @default Asia/Shanghai
             */
            timezone?: string | null;
            /**
             * @default zh-CN
             * @enum {string|null}
             */
            locale?: "zh-CN" | "en" | null;
            /**
             * @description A JSONata expression per field over the platform’s raw record; checked when it is saved. A field set to null is no longer mapped.
             * @example {
             *       "user": {
             *         "employeeNumber": "extattr.attrs[name='工号'].text.value"
             *       }
             *     }
             */
            mapping?: {
                user?: {
                    /** @description JSONata expression */
                    displayName?: string | null;
                    /** @description JSONata expression */
                    employeeNumber?: string | null;
                    /** @description JSONata expression */
                    workEmail?: string | null;
                    /** @description JSONata expression */
                    mobile?: string | null;
                    /** @description JSONata expression */
                    jobTitle?: string | null;
                    /** @description JSONata expression */
                    managerExternalId?: string | null;
                    /** @description JSONata expression */
                    status?: string | null;
                    /** @description JSONata expression */
                    avatarUrl?: string | null;
                    /** @description JSONata expression */
                    customFields?: string | null;
                };
                department?: {
                    /** @description JSONata expression */
                    name?: string | null;
                    /** @description JSONata expression */
                    code?: string | null;
                    /** @description JSONata expression */
                    order?: string | null;
                };
            } | null;
            /** @description A run is blocked, until a client approves it, when the people disabled within 24 hours exceed max(`minimum`, `maxDisabledPercent` of the active), or `maxDisabled`. */
            guard?: components["schemas"]["GuardBody"] | null;
            /** @description Enrollments appear as the platform’s to-dos and close on completion. */
            todos?: components["schemas"]["TodosBody"] | null;
            /** @description What the platform is told of learning events; replaces the whole list. */
            results?: components["schemas"]["ResultBody"][] | null;
            /**
             * @description Spend one call per new or changed person for the fields only such a call tells.
             * @default false
             */
            detailCalls?: boolean | null;
            /**
             * @description Hold a connection to the platform for its events, where it offers one; then no public address is needed.
             * @default true
             */
            listen?: boolean | null;
            /**
             * @description HTTP proxy for this connection’s calls; a password in it is stored encrypted and never shown.
             * @example http://proxy.example.com:3128
             */
            proxyUrl?: string | null;
            /**
             * @description Of this document.
             * @enum {number}
             */
            format: 1;
            /** Format: date-time */
            exportedAt?: string;
            /** @example Head office */
            name: string;
            /**
             * @description Id of the connector.
             * @example example
             */
            connector: string;
            /** @description Without secrets. */
            config: {
                [key: string]: unknown;
            };
            /**
             * @description Names of the secrets that are set at the source: to be given again at the import.
             * @example [
             *       "agentSecret"
             *     ]
             */
            secretsToFill?: string[];
        };
        ConnectionDto: {
            /** @example Asia/Shanghai */
            timezone: string;
            /** @enum {string} */
            locale: "zh-CN" | "en";
            /**
             * @example {
             *       "user": {
             *         "employeeNumber": "extattr.attrs[name='工号'].text.value"
             *       }
             *     }
             */
            mapping: {
                user?: {
                    /** @description JSONata expression */
                    displayName?: string | null;
                    /** @description JSONata expression */
                    employeeNumber?: string | null;
                    /** @description JSONata expression */
                    workEmail?: string | null;
                    /** @description JSONata expression */
                    mobile?: string | null;
                    /** @description JSONata expression */
                    jobTitle?: string | null;
                    /** @description JSONata expression */
                    managerExternalId?: string | null;
                    /** @description JSONata expression */
                    status?: string | null;
                    /** @description JSONata expression */
                    avatarUrl?: string | null;
                    /** @description JSONata expression */
                    customFields?: string | null;
                };
                department?: {
                    /** @description JSONata expression */
                    name?: string | null;
                    /** @description JSONata expression */
                    code?: string | null;
                    /** @description JSONata expression */
                    order?: string | null;
                };
            };
            guard: components["schemas"]["GuardDto"];
            todos: components["schemas"]["TodosDto"];
            results: components["schemas"]["ResultDto"][];
            detailCalls: boolean;
            listen: boolean;
            /** @description Without its password. */
            proxyUrl: string | null;
            /** @example con_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            /** @example Head office */
            name: string;
            /** @example example */
            connector: string;
            /**
             * @description Without secrets.
             * @example {
             *       "corpId": "ww1234567890abcdef",
             *       "agentId": "1000002"
             *     }
             */
            config: {
                [key: string]: unknown;
            };
            /**
             * @description Names of the secrets that are set.
             * @example [
             *       "agentSecret"
             *     ]
             */
            secretsSet: string[];
            /**
             * @description Enter it in the platform’s console as event URL; null when the host has no PUBLIC_URL.
             * @example https://bridge.example.com/callbacks/con_0198c2a4e2d07c1f5a9be3d46b20
             */
            callbackUrl: string | null;
            /** @description Grows with every change. */
            revision: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ConnectionStatsDto: {
            users: components["schemas"]["UserCountsDto"];
            departments: number;
            /** @description The latest run, as `GET /api/v1/runs/{id}` shows it. */
            lastRun: {
                [key: string]: unknown;
            } | null;
            /**
             * Format: date-time
             * @description When the platform last told us something.
             */
            lastEventAt: string | null;
            deliveries: components["schemas"]["DeliveryCountsDto"];
            /** @description Enrollments as the platform’s to-dos. */
            todos: components["schemas"]["TodoCountsDto"];
            /** @description The connection held to the platform for its events. */
            listener: components["schemas"]["ListenerDto"];
        };
        ConnectorDto: {
            /** @description What `connector` of a connection names; the package’s name when it cannot be used. */
            id: string;
            /** @example @trainbridge/connector-example */
            package: string;
            /** @example 1.0.0 */
            version: string | null;
            /**
             * @description In the language of `Accept-Language`.
             * @example Home-grown OA
             */
            name: string;
            /**
             * @description `available`, or why it is not.
             * @example available
             */
            status: string;
            capabilities: ("identity" | "directory" | "customers" | "events" | "tasks" | "todos" | "results")[];
            resultActions: components["schemas"]["ResultActionDto"][];
            /** @description JSON Schema of `config`; secrets are `writeOnly`. Null when the connector cannot be used. */
            configSchema: {
                [key: string]: unknown;
            } | null;
        };
        ConnectorsDto: {
            data: components["schemas"]["ConnectorDto"][];
            /** @description Always null: there is one page. */
            nextCursor: string | null;
        };
        CourseBody: {
            /**
             * @description The learning system’s own id.
             * @example c-101
             */
            id: string;
            /**
             * @description A second name, such as the course number; learning events may use it as `course.code`.
             * @example SEC-2026
             */
            code?: string | null;
            /** @example 信息安全基础 */
            title: string;
            /**
             * Format: uri
             * @description Where the course is opened: to-dos and `/go/…` lead there.
             * @example https://lms.example.com/courses/101
             */
            url?: string | null;
        };
        CourseDto: {
            /** @example c-101 */
            id: string;
            code: string | null;
            /** @example 信息安全基础 */
            title: string;
            /** @example https://lms.example.com/courses/101 */
            url: string | null;
            /** @description Whose catalogue it stands in; null: put in with the admin token. */
            clientId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        CreateAssignmentBody: {
            /** @description Makes it idempotent: the same source with the same content is answered with the assignment that is there, with other content it is a conflict. */
            source?: components["schemas"]["AssignmentSourceBody"];
            /**
             * @description Of a catalogue (PUT /api/v1/courses); of none only with a `title`.
             * @example c-101
             */
            courseId: string;
            /** @description Who is to learn: everybody who is named by any of these. */
            audience: components["schemas"]["AudienceBody"];
            /** @description Absent: the course’s. */
            title?: string | null;
            /**
             * Format: uri
             * @description Where it is opened. Absent: the course’s address.
             */
            url?: string | null;
            /**
             * Format: date-time
             * @example 2026-12-31T15:59:59Z
             */
            dueAt?: string | null;
            /** @default false */
            isMandatory?: boolean;
        };
        CreateClientDto: {
            /** @description The only connections it may see or touch; null or absent: all. */
            connectionIds?: string[] | null;
            /**
             * @description The only addresses it may call from, as addresses or CIDR ranges; null or absent: any.
             * @example [
             *       "203.0.113.0/24"
             *     ]
             */
            allowedIps?: string[] | null;
            /**
             * Format: date-time
             * @description From then on neither its secret nor its tokens work; null or absent: never.
             */
            expiresAt?: string | null;
            /**
             * @description Life time of access tokens, in seconds.
             * @default 3600
             */
            accessTokenTtlSeconds?: number;
            /**
             * @description Where OpenID Connect may send people back to: https, or http on a loopback address; no fragment.
             * @example [
             *       "https://lms.example.com/callback"
             *     ]
             */
            redirectUris?: string[];
            /**
             * @description For people.
             * @example LMS production
             */
            name: string;
            /** @description What it may do. */
            scopes: components["schemas"]["Scope"][];
        };
        CreateConnectionBody: {
            /**
             * @description IANA time zone.
             * @default Asia/Shanghai
             */
            timezone?: string | null;
            /**
             * @default zh-CN
             * @enum {string|null}
             */
            locale?: "zh-CN" | "en" | null;
            /**
             * @description A JSONata expression per field over the platform’s raw record; checked when it is saved. A field set to null is no longer mapped.
             * @example {
             *       "user": {
             *         "employeeNumber": "extattr.attrs[name='工号'].text.value"
             *       }
             *     }
             */
            mapping?: {
                user?: {
                    /** @description JSONata expression */
                    displayName?: string | null;
                    /** @description JSONata expression */
                    employeeNumber?: string | null;
                    /** @description JSONata expression */
                    workEmail?: string | null;
                    /** @description JSONata expression */
                    mobile?: string | null;
                    /** @description JSONata expression */
                    jobTitle?: string | null;
                    /** @description JSONata expression */
                    managerExternalId?: string | null;
                    /** @description JSONata expression */
                    status?: string | null;
                    /** @description JSONata expression */
                    avatarUrl?: string | null;
                    /** @description JSONata expression */
                    customFields?: string | null;
                };
                department?: {
                    /** @description JSONata expression */
                    name?: string | null;
                    /** @description JSONata expression */
                    code?: string | null;
                    /** @description JSONata expression */
                    order?: string | null;
                };
            } | null;
            /** @description A run is blocked, until a client approves it, when the people disabled within 24 hours exceed max(`minimum`, `maxDisabledPercent` of the active), or `maxDisabled`. */
            guard?: components["schemas"]["GuardBody"] | null;
            /** @description Enrollments appear as the platform’s to-dos and close on completion. */
            todos?: components["schemas"]["TodosBody"] | null;
            /** @description What the platform is told of learning events; replaces the whole list. */
            results?: components["schemas"]["ResultBody"][] | null;
            /**
             * @description Spend one call per new or changed person for the fields only such a call tells.
             * @default false
             */
            detailCalls?: boolean | null;
            /**
             * @description Hold a connection to the platform for its events, where it offers one; then no public address is needed.
             * @default true
             */
            listen?: boolean | null;
            /**
             * @description HTTP proxy for this connection’s calls; a password in it is stored encrypted and never shown.
             * @example http://proxy.example.com:3128
             */
            proxyUrl?: string | null;
            /**
             * @description For people.
             * @example Head office
             */
            name: string;
            /**
             * @description Id of a connector of `GET /api/v1/connectors`.
             * @example example
             */
            connector: string;
            /**
             * @description As the connector’s `configSchema` describes it.
             * @example {
             *       "corpId": "ww1234567890abcdef",
             *       "agentId": "1000002",
             *       "agentSecret": "…"
             *     }
             */
            config: {
                [key: string]: unknown;
            };
        };
        CreateRuleBody: {
            /** @example 入职培训 */
            name: string;
            /** @example con_0198c2a4e2d07c1f5a9be3d46b20 */
            connectionId: string;
            /** @default true */
            isActive?: boolean;
            when: components["schemas"]["RuleWhenDto"];
            assign: components["schemas"]["RuleAssignDto"];
        };
        CreateRunBody: {
            /**
             * @description What is read.
             * @enum {string}
             */
            kind: "directory" | "tasks";
            /**
             * @description `reconcile` reads everything, writes nothing and reports the differences; `incremental` is for tasks: what is new since the last good run.
             * @default full
             * @enum {string}
             */
            mode?: "full" | "reconcile" | "incremental";
            /**
             * @description Stop at the plan: read it, then apply it or not.
             * @default false
             */
            dryRun?: boolean;
        };
        CreateSubscriptionDto: {
            /** @description Only events of these connections; null or absent: of all that the client may see. */
            connectionIds?: string[] | null;
            /**
             * @description Seconds before each retry (each moved by up to 10 %); after the last one the delivery is dead. An empty list: no retry.
             * @default [
             *       5,
             *       60,
             *       600
             *     ]
             */
            retrySchedule?: number[] | null;
            /** @description Webhooks per second (of each worker process); null or absent: as fast as the receiver takes them. */
            rateLimit?: number | null;
            /**
             * @description Events of one person one after the other: the next waits until the one before is delivered or dead.
             * @default false
             */
            ordered?: boolean;
            /**
             * @description Headers of your own on every webhook, such as an API key. Stored encrypted, shown as `***`.
             * @example {
             *       "x-api-key": "k-123"
             *     }
             */
            headers?: {
                [key: string]: string;
            };
            /**
             * Format: uri
             * @description Where webhooks are sent. https (in production http only within TRAINBRIDGE_ALLOWED_NETWORKS), without credentials; redirects are not followed.
             * @example https://oa.example.com/hooks/learning
             */
            url: string;
            /**
             * @description Which events: names (`course.completed`), families (`exam.*`) or everything (`*`).
             * @example [
             *       "course.completed",
             *       "exam.*"
             *     ]
             */
            eventTypes: string[];
        };
        CreateTokenDto: {
            /** @description Some of the client’s scopes; absent: all of them. */
            scopes?: components["schemas"]["Scope"][];
            /**
             * Format: date-time
             * @description From then on it does not work.
             */
            expiresAt: string;
            /**
             * @description For people.
             * @example nightly export
             */
            name?: string;
        };
        CreatedApiTokenDto: {
            /** @example tok_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            name: string | null;
            /**
             * @description The last four characters.
             * @example x9Qa
             */
            last4: string;
            scopes: components["schemas"]["Scope"][];
            /** Format: date-time */
            expiresAt: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * @description Shown this once; only a hash is kept.
             * @example tb_…
             */
            token: string;
        };
        CreatedClientDto: {
            /** @example cli_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            /**
             * @description The `client_id` of OAuth 2; the same as `id`.
             * @example cli_0198c2a4e2d07c1f5a9be3d46b20
             */
            clientId: string;
            /** @example LMS production */
            name: string;
            scopes: components["schemas"]["Scope"][];
            /** @description Null: all connections. */
            connectionIds: string[] | null;
            /** @description Null: any address. */
            allowedIps: string[] | null;
            /**
             * Format: date-time
             * @description Null: never.
             */
            expiresAt: string | null;
            accessTokenTtlSeconds: number;
            redirectUris: string[];
            /** @description The secrets that work at the moment; never themselves. */
            secrets: components["schemas"]["ClientSecretInfoDto"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description Shown this once; only a hash is kept.
             * @example tbcs_…
             */
            clientSecret: string;
        };
        CreatedSubscriptionDto: {
            /** @example sub_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            /** @description The client it belongs to; null: made with the admin token. */
            clientId: string | null;
            /** Format: uri */
            url: string;
            eventTypes: string[];
            /** @description Null: all that the client may see. */
            connectionIds: string[] | null;
            /** @description Seconds before each retry. */
            retrySchedule: number[];
            rateLimit: number | null;
            ordered: boolean;
            /**
             * @description The names of your own headers; values are never shown.
             * @example {
             *       "x-api-key": "***"
             *     }
             */
            headers: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "active" | "disabled";
            /**
             * @description `gone`: the receiver answered 410. `manual`: somebody disabled it. Null while active.
             * @example null
             */
            disabledReason: string | null;
            /**
             * @description As this process sees the receiver: `open` while it is down and deliveries wait, `half_open` while one probes.
             * @enum {string}
             */
            breaker: "closed" | "open" | "half_open";
            /**
             * Format: date-time
             * @description Until then webhooks carry a signature of the previous secret as well; null: there is only one.
             */
            previousSecretExpiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description The Standard Webhooks secret, shown this once.
             * @example whsec_…
             */
            secret: string;
        };
        CustomerCountsDto: {
            created: number;
            updated: number;
            unchanged: number;
            removed: number;
            restored: number;
            rejected: number;
        };
        CustomerDto: {
            /**
             * @description Never changes.
             * @example cus_0198c2a4e2d07c1f5a9be3d46b20
             */
            id: string;
            /** @example con_0198c2a4e2d07c1f5a9be3d46b20 */
            connectionId: string;
            /**
             * @description The platform’s id of the customer.
             * @example wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw
             */
            externalId: string;
            /** @description All other ids the platform gives. */
            externalIds: components["schemas"]["ExternalIdDto"][];
            /** @example 李女士 */
            displayName: string | null;
            /** @description Users who look after the customer; owners the directory does not know are left out. */
            ownerUserIds: string[];
            tags: components["schemas"]["CustomerTagDto"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        CustomerTagDto: {
            /**
             * @description The platform’s id of the tag.
             * @example etAJ2GCAAAXtWyujaWJHDDGi0mACH71w
             */
            id: string;
            /** @example 经销商 */
            name: string;
            /** @example 客户类型 */
            group?: string;
        };
        DeliveryAttemptDto: {
            /** @description Grows with every attempt; gaps are attempts whose process was killed. */
            number: number;
            /** Format: date-time */
            startedAt: string;
            durationMs: number;
            /** @description Null at a platform: its connector makes the calls, and the exchanges show them. */
            request: components["schemas"]["AttemptRequestDto"] | null;
            /** @description Null: nothing was answered. */
            response: components["schemas"]["AttemptResponseDto"] | null;
            /** @description Null: it succeeded. */
            error: components["schemas"]["AttemptErrorDto"] | null;
        };
        DeliveryCountsDto: {
            pending: number;
            dead: number;
        };
        DeliveryDetailDto: {
            /** @example dlv_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            target: components["schemas"]["DeliveryTargetDto"];
            /**
             * @description Null: handed over to a platform.
             * @example sub_0198c2a4e2d07c1f5a9be3d46b20
             */
            subscriptionId: string | null;
            connectionId: string | null;
            /**
             * @description The `webhook-id`: the same on every attempt.
             * @example lev_0198c2a4e2d07c1f5a9be3d46b20
             */
            eventId: string;
            /** @description The `id` the event was sent in with; null for events made here. */
            sourceEventId: string | null;
            /** @example course.completed */
            eventType: string;
            /**
             * @description `dead`: retries are used up, or would not help; it can be retried by hand or recovered. `skipped`: a platform offers no way to be told this; the attempt says why.
             * @enum {string}
             */
            status: "pending" | "sending" | "delivered" | "skipped" | "dead" | "canceled";
            /**
             * Format: date-time
             * @description When it is tried next; null unless pending.
             */
            nextAttemptAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description What a platform calls that which was made there, such as the id of a message or a row. */
            externalRef: string | null;
            attemptCount: number;
            /** @description In order; lists show the latest 20 of each delivery. */
            attempts: components["schemas"]["DeliveryAttemptDto"][];
            /** @description The body that is sent; to a platform: the event it is told of. */
            payload: {
                [key: string]: unknown;
            };
        };
        DeliveryDto: {
            /** @example dlv_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            target: components["schemas"]["DeliveryTargetDto"];
            /**
             * @description Null: handed over to a platform.
             * @example sub_0198c2a4e2d07c1f5a9be3d46b20
             */
            subscriptionId: string | null;
            connectionId: string | null;
            /**
             * @description The `webhook-id`: the same on every attempt.
             * @example lev_0198c2a4e2d07c1f5a9be3d46b20
             */
            eventId: string;
            /** @description The `id` the event was sent in with; null for events made here. */
            sourceEventId: string | null;
            /** @example course.completed */
            eventType: string;
            /**
             * @description `dead`: retries are used up, or would not help; it can be retried by hand or recovered. `skipped`: a platform offers no way to be told this; the attempt says why.
             * @enum {string}
             */
            status: "pending" | "sending" | "delivered" | "skipped" | "dead" | "canceled";
            /**
             * Format: date-time
             * @description When it is tried next; null unless pending.
             */
            nextAttemptAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description What a platform calls that which was made there, such as the id of a message or a row. */
            externalRef: string | null;
            attemptCount: number;
            /** @description In order; lists show the latest 20 of each delivery. */
            attempts: components["schemas"]["DeliveryAttemptDto"][];
        };
        DeliveryTargetDto: {
            /**
             * @description `webhook`: a subscription; `platform`: the platform of a connection, as its `results` say.
             * @enum {string}
             */
            kind: "webhook" | "platform";
            /**
             * @description Of a webhook.
             * @example sub_0198c2a4e2d07c1f5a9be3d46b20
             */
            subscriptionId?: string;
            /**
             * @description Of a platform.
             * @example con_0198c2a4e2d07c1f5a9be3d46b20
             */
            connectionId?: string;
            /**
             * @description Of a platform: what is done there.
             * @example message
             */
            action?: string;
        };
        DepartmentDto: {
            /**
             * @description Never changes.
             * @example dep_0198c2a4e2d07c1f5a9be3d46b20
             */
            id: string;
            /** @example con_0198c2a4e2d07c1f5a9be3d46b20 */
            connectionId: string;
            /**
             * @description The platform’s id of the department.
             * @example 42
             */
            externalId: string;
            /** @description All other ids the platform gives. */
            externalIds: components["schemas"]["ExternalIdDto"][];
            /** @example 研发部 */
            name: string | null;
            /** @description The company’s own code of it. */
            code: string | null;
            /** @description The department above; null at the top. */
            parentId: string | null;
            /** @description The platform’s order among its siblings. */
            order: number | null;
            /**
             * @description Names from the top down to its own.
             * @example 总部/研发中心/研发部
             */
            path: string | null;
            /** @description Ids from the top down to its own. */
            pathIds: string[];
            /** @description Users who lead it. */
            leaderIds: string[];
            /** @description `disabled`: the platform has it no more. */
            status: components["schemas"]["DepartmentStatus"];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: date-time */
            disabledAt: string | null;
        };
        /**
         * @description `disabled`: the platform has it no more.
         * @enum {string}
         */
        DepartmentStatus: "active" | "disabled";
        DirectoryChangeDto: {
            /** @description Grows from change to change, with gaps. */
            sequence: number;
            /**
             * @description More may be added; skip what you do not know.
             * @enum {string}
             */
            type: "user.created" | "user.updated" | "user.disabled" | "user.restored" | "user.removed" | "department.created" | "department.updated" | "department.restored" | "department.removed" | "customer.created" | "customer.updated" | "customer.restored" | "customer.removed";
            subject: components["schemas"]["ChangeSubjectDto"];
            /** @description Former values of the fields that changed; absent for something new. Without scope `directory:contact` never `mobile` and `workEmail`. */
            before?: {
                [key: string]: unknown;
            };
            /** @description The whole record after the change, as reading it showed it then. Of what was erased with its connection only `id` and `connectionId` are left. */
            after: components["schemas"]["UserDto"] | components["schemas"]["DepartmentDto"] | components["schemas"]["CustomerDto"] | {
                [key: string]: unknown;
            };
            /** Format: date-time */
            at: string;
            /**
             * @description Where it came from, such as the run.
             * @example {
             *       "runId": "run_0198c2a4e2d07c1f5a9be3d46b20"
             *     }
             */
            cause: {
                [key: string]: unknown;
            };
        };
        DirectoryChangeListDto: {
            data: components["schemas"]["DirectoryChangeDto"][];
            /** @description Keep it and ask with it again, later too: when nothing is new, the page is empty and the cursor stays the same. An empty page is the end for now. Null only for an empty feed that was asked without a cursor. */
            nextCursor: string | null;
        };
        EnrollmentDto: {
            /** @example enr_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            assignmentId: string;
            connectionId: string;
            /** @description Null for a customer. */
            userId: string | null;
            /** @description Null for a user. */
            customerId: string | null;
            /** @example c-101 */
            courseId: string;
            /**
             * @description Moved by learning events about the course, and only forward: `assigned`, `in_progress`, `failed`, `completed`, `passed`. `withdrawn` and `expired` are set by hand (or with the assignment).
             * @enum {string}
             */
            status: "assigned" | "in_progress" | "completed" | "passed" | "failed" | "withdrawn" | "expired";
            /** Format: date-time */
            dueAt: string | null;
            /** Format: date-time */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description When it was completed or passed first.
             */
            completedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description The to-do on the platform; null: none. */
            todo: components["schemas"]["EnrollmentTodoDto"] | null;
        };
        EnrollmentEventDto: {
            /** @example enr_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            assignmentId: string;
            connectionId: string;
            /** @description Null for a customer. */
            userId: string | null;
            /** @description Null for a user. */
            customerId: string | null;
            /** @example c-101 */
            courseId: string;
            /**
             * @description Moved by learning events about the course, and only forward: `assigned`, `in_progress`, `failed`, `completed`, `passed`. `withdrawn` and `expired` are set by hand (or with the assignment).
             * @enum {string}
             */
            status: "assigned" | "in_progress" | "completed" | "passed" | "failed" | "withdrawn" | "expired";
            /** Format: date-time */
            dueAt: string | null;
            /** Format: date-time */
            startedAt: string | null;
            /**
             * Format: date-time
             * @description When it was completed or passed first.
             */
            completedAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        EnrollmentTodoDto: {
            /**
             * @description `pending`: on its way to the platform. `open`, `closed`: as the platform confirmed. `skipped`: the platform offers no way, `error` says why. `failed`: will not be tried again by itself.
             * @enum {string}
             */
            status: "pending" | "open" | "closed" | "skipped" | "failed";
            /** @description The platform’s own id of it. */
            externalRef: string | null;
            /** @description What the platform said last: `code`, `message`, `advice`, `vendorCode`. */
            error?: {
                [key: string]: unknown;
            };
        };
        ExchangeDto: {
            /** @example exc_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            connectionId: string;
            /** @enum {string} */
            direction: "outbound" | "inbound";
            /** @example GET */
            method: string;
            /** @description Without secrets and tokens. */
            url: string;
            /** @description HTTP status; null when no answer came. */
            status: number | null;
            /** @description The platform’s own error code. */
            vendorCode: string | null;
            /** @description What the platform’s support asks for. */
            vendorRequestId: string | null;
            /** @description How the host understood it; null for a success. */
            errorCode: string | null;
            errorMessage: string | null;
            /** @description 1 for the first try of a call. */
            attempt: number;
            durationMs: number;
            /** @description Redacted and cut; kept of failures only. */
            requestBody: string | null;
            /** @description Redacted and cut; kept of failures only. */
            responseBody: string | null;
            /**
             * Format: date-time
             * @description When it began.
             */
            at: string;
        };
        ExternalIdDto: {
            /** @example open_id */
            type: string;
            /** @example ou_7d8a6e6df7621556ce0d21922b676706ccs */
            value: string;
        };
        FieldChangeDto: {
            /** @example jobTitle */
            field: string;
            /** @description Hidden without scope directory:contact for mobile and workEmail. */
            before: unknown | null;
            after: unknown | null;
        };
        FieldProblemDocument: {
            /**
             * @description JSON pointer into the input.
             * @example /config/corpId
             */
            path: string;
            /**
             * @description What is wrong there, in the language of `Accept-Language`.
             * @example is required
             */
            message: string;
        };
        FindingDto: {
            /**
             * @description Stable name of the step.
             * @example token
             */
            step: string;
            ok: boolean;
            /** @description In the language of `Accept-Language`. */
            message: string;
            /** @description What to do about it: which console page to open, what to tick. */
            advice?: string;
            /** @description Figures of the step. */
            data?: {
                [key: string]: unknown;
            };
        };
        FiringDto: {
            /** @description Id of the task, customer or user it looked at. */
            subjectId: string;
            /**
             * @description `held`: waits until the directory knows the person. `not_matched`, `failed`: looked at again when the thing changes.
             * @enum {string}
             */
            outcome: "pending" | "held" | "fired" | "not_matched" | "failed";
            detail: string | null;
            assignmentId: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            decidedAt: string | null;
        };
        GuardBody: {
            /** @example 20 */
            maxDisabledPercent?: number | null;
            /** @example 50 */
            maxMovedPercent?: number | null;
            /** @description People; null: no such limit. */
            maxDisabled?: number | null;
            /** @description So many may always be disabled. */
            minimum?: number | null;
        };
        GuardDto: {
            /** @example 20 */
            maxDisabledPercent: number;
            /** @example 50 */
            maxMovedPercent: number;
            maxDisabled: number | null;
            /** @example 10 */
            minimum: number;
        };
        ImportConnectionBody: {
            /** @description As `GET …/export` answered it. */
            document: components["schemas"]["ConnectionDocument"];
            /**
             * @description Merged over the document’s configuration (RFC 7396): the secrets, and what differs in this environment.
             * @example {
             *       "agentSecret": "…"
             *     }
             */
            config?: {
                [key: string]: unknown;
            };
            /** @description Instead of the document’s. */
            name?: string;
            /** @description An existing connection of the same connector: its settings and configuration become the document’s; its secrets, tenant and people stay. Absent: a new connection. */
            connectionId?: string;
        };
        KindCountsDto: {
            created: number;
            updated: number;
            unchanged: number;
            disabled: number;
            restored: number;
            rejected: number;
        };
        LearnerDto: {
            /**
             * @description A User’s id.
             * @example usr_0198c2a4e2d07c1f5a9be3d46b20
             */
            userId?: string;
            /** @description A Customer’s id. */
            customerId?: string;
            /** @description With `externalId`, or to narrow `employeeNumber`. */
            connectionId?: string;
            /** @description The platform’s id of the person, or another one as `type:value` (`open_id:ou_…`). */
            externalId?: string;
            /**
             * @description 工号
             * @example E1024
             */
            employeeNumber?: string;
        };
        LearningCourseDto: {
            /** @description The learning system’s id of the course. */
            id: string;
            code?: string;
            /** @example 信息安全基础 */
            title?: string;
        };
        LearningEventBatchDto: {
            events: components["schemas"]["LearningEventDto"][];
        };
        LearningEventDto: {
            /**
             * @description Made by the learning system, unique for each client. Sending it again with the same content does nothing.
             * @example lms-2026-000123
             */
            id: string;
            type: components["schemas"]["LearningEventType"];
            /** @description Exactly one of `{userId}`, `{customerId}`, `{connectionId, externalId}`, `{employeeNumber}` (which may be narrowed by `connectionId`). */
            learner: components["schemas"]["LearnerDto"];
            course?: components["schemas"]["LearningCourseDto"];
            /** @description The exam, usually `{id, code?, title?}`. */
            exam?: {
                [key: string]: unknown;
            };
            /** @description The enrollment it belongs to. */
            enrollmentId?: string;
            /** @description Which try of the learner this is. */
            attempt?: number;
            /** @description The `id` of the event that this one corrects. */
            corrects?: string;
            result?: components["schemas"]["LearningResultDto"];
            /** @description The certificate, usually `{id, title?, number?, url?, expiresAt?}`. */
            certificate?: {
                [key: string]: unknown;
            };
            /** @description Skills, as names or as objects such as `{id, name, level}`. */
            skills?: unknown[];
            /**
             * Format: date-time
             * @example 2026-11-23T09:30:00Z
             */
            occurredAt: string;
            /** @description Anything else worth passing on. */
            attributes?: {
                [key: string]: unknown;
            };
        };
        /** @enum {string} */
        LearningEventType: "course.started" | "course.progressed" | "course.completed" | "course.passed" | "course.failed" | "exam.passed" | "exam.failed" | "certificate.issued" | "certificate.revoked" | "video.progressed" | "question.asked" | "question.answered" | "skill.granted" | "assignment.overdue";
        LearningResultDto: {
            completion?: boolean;
            success?: boolean;
            /** @example 1 */
            progress?: number;
            score?: components["schemas"]["LearningScoreDto"];
            /**
             * @description Of this event, not in total.
             * @example 1800
             */
            durationSeconds?: number;
        };
        LearningScoreDto: {
            /** @example 92 */
            raw: number;
            /** @example 0 */
            min?: number;
            /** @example 100 */
            max?: number;
            /** @example 0.92 */
            scaled?: number;
        };
        ListenerDto: {
            /**
             * @description `off`: the platform offers none, the setting `listen` says no, or another process holds it. `waiting`: before the next try.
             * @enum {string}
             */
            status: "off" | "connecting" | "connected" | "waiting";
            /** Format: date-time */
            since: string | null;
            /** Format: date-time */
            lastMessageAt: string | null;
            error: components["schemas"]["ListenerErrorDto"] | null;
        };
        ListenerErrorDto: {
            /** @example unavailable */
            code: string;
            message: string;
        };
        LiveDto: {
            /** @enum {string} */
            status: "ok";
        };
        MembershipDto: {
            /** @example dep_0198c2a4e2d07c1f5a9be3d46b20 */
            departmentId: string;
            /** @description The main one of the person’s departments. */
            isPrimary: boolean;
            /** @description The person leads this department. */
            isLeader: boolean;
            /** @description The platform’s order within the department. */
            order: number | null;
        };
        OAuthErrorDto: {
            /**
             * @description As in RFC 6749 section 5.2; `slow_down` after too many attempts.
             * @example invalid_client
             */
            error: string;
            /**
             * @description What is wrong and what to do.
             * @example The client id or secret is wrong.
             */
            error_description: string;
        };
        PlanLineDto: {
            line: number;
            /** @enum {string} */
            kind: "user" | "department";
            /** @enum {string} */
            action: "create" | "update" | "restore" | "disable";
            externalId: string;
            /** @description Id of the user or department; for a creation the id it gets. */
            subjectId: string;
            name: string | null;
            /** @description Why it is disabled: `absent`, `platform`, `gone`, `left`. */
            reason: string | null;
            /** @description Changes departments. */
            moved: boolean;
            applied: boolean;
            changes: components["schemas"]["FieldChangeDto"][];
        };
        PlatformEventDto: {
            /** @example pev_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            connectionId: string;
            /** @enum {string} */
            kind: "user.changed" | "user.left" | "user.renamed" | "department.changed" | "department.removed" | "visibility.changed" | "customer.changed" | "customer.removed" | "task.changed" | "todo.changed" | "other";
            /** @description Equal for every delivery of the same event. */
            key: string;
            /** @description External ids it is about. */
            externalIds: string[];
            /** @description Of a renamed user: the id until then. */
            previousId: string | null;
            /** @description As the connector decoded it. */
            data: {
                [key: string]: unknown;
            };
            /**
             * @description `failed` is tried again at `nextAttemptAt`; `dead` waits for `retry`; `ignored` concerns nothing here.
             * @enum {string}
             */
            status: "pending" | "applied" | "ignored" | "failed" | "dead";
            detail: string | null;
            error: components["schemas"]["PlatformEventErrorDto"] | null;
            attempts: number;
            /** Format: date-time */
            nextAttemptAt: string | null;
            /**
             * Format: date-time
             * @description By the platform’s clock.
             */
            occurredAt: string;
            /** Format: date-time */
            receivedAt: string;
            /** Format: date-time */
            finishedAt: string | null;
            /** @description The message it came in. */
            raw: components["schemas"]["RawMessageDto"];
        };
        PlatformEventErrorDto: {
            /** @example unavailable */
            code: string;
            message: string;
        };
        Problem: {
            /**
             * Format: uri-reference
             * @description Where the code is explained, relative to the host.
             * @example /docs/errors#not_found
             */
            type: string;
            /**
             * @description The kind of problem, in the language of `Accept-Language`.
             * @example Not found
             */
            title: string;
            /**
             * @description The HTTP status.
             * @example 404
             */
            status: number;
            /** @description What is wrong in this case and what to do, in the language of `Accept-Language`. */
            detail: string;
            /**
             * @description Stable, for programs; listed in the error catalogue.
             * @example not_found
             */
            code: string;
            /** @description What is wrong where, when the input is. */
            errors?: components["schemas"]["FieldProblemDocument"][];
            /**
             * @description Names this request in logs and reports.
             * @example req_0198c2a4e2d07c1f5a9be3d46b20
             */
            requestId: string;
        };
        PutCoursesBody: {
            /** @description Each is judged by itself: a bad one is reported, the others are taken. */
            courses: components["schemas"]["CourseBody"][];
        };
        PutCoursesDto: {
            created: number;
            updated: number;
            unchanged: number;
            rejected: components["schemas"]["RejectedCourseDto"][];
        };
        RawMessageDto: {
            /** @example POST */
            method: string;
            /** @description As it came, percent-encoding untouched; secrets of the connection are masked. */
            queryString: string;
            headers: {
                [key: string]: string;
            };
            /** @description Base64 of the bytes as they came, secrets of the connection masked; in lists at most the first 4,096 of them. */
            bodyBase64: string;
            /** @description Length of the whole body. */
            bodyBytes: number;
        };
        ReadyDto: {
            /**
             * @description `degraded`: a connector could not be loaded, everything else works.
             * @enum {string}
             */
            status: "ready" | "degraded" | "unavailable";
            components: components["schemas"]["ComponentDto"][];
        };
        RecoverDto: {
            /**
             * Format: date-time
             * @description Dead deliveries made from then on are tried again.
             */
            since: string;
        };
        RecoverPlatformDto: {
            /** @description The connection whose platform is told. */
            connectionId: string;
            /**
             * Format: date-time
             * @description Dead deliveries made from then on are tried again.
             */
            since: string;
        };
        RecoveredDto: {
            /** @description How many deliveries are on their way again. */
            recovered: number;
        };
        RejectedCourseDto: {
            /** @description Position in the batch, from 0. */
            index: number;
            /**
             * @description From the error catalogue.
             * @enum {string}
             */
            code: "invalid_request";
            /** @description What is wrong, in the language of `Accept-Language`. */
            detail: string;
        };
        RejectedLearningEventDto: {
            /** @description Position in the batch, from 0; 0 for a single event. */
            index: number;
            /**
             * @description From the error catalogue.
             * @enum {string}
             */
            code: "invalid_request" | "id_conflict" | "forbidden" | "body_too_large";
            /** @description What is wrong, in the language of `Accept-Language`. */
            detail: string;
        };
        RejectedRecordDto: {
            /** @enum {string} */
            kind: "user" | "department" | "customer" | "task";
            externalId: string | null;
            /** @example displayName is longer than 200 characters */
            reason: string;
            /** @description The record as the platform sent it, cut to 8 KiB. Needs scope directory:contact. */
            raw: unknown | null;
            /** Format: date-time */
            at: string;
        };
        ResultActionDto: {
            /** @enum {string} */
            name: "message" | "tag" | "record" | "attribute";
            /** @description In the language of `Accept-Language`. */
            title: string;
            /** @description JSON Schema of the action’s `options`. */
            optionsSchema: {
                [key: string]: unknown;
            };
            /**
             * @description How a repeated action is kept single; with `none` a crash may repeat it.
             * @enum {string}
             */
            idempotency: "natural" | "key" | "lookup" | "none";
            recipients: ("user" | "customer")[];
        };
        ResultBody: {
            /**
             * @description As in a subscription.
             * @example [
             *       "course.completed",
             *       "exam.*"
             *     ]
             */
            eventTypes: string[];
            /**
             * @description One of the connector’s `resultActions`.
             * @enum {string}
             */
            action: "message" | "tag" | "record" | "attribute";
            /** @description As the action’s `optionsSchema` describes; empty gives a sensible default. */
            options?: {
                [key: string]: unknown;
            };
        };
        ResultDto: {
            /**
             * @example [
             *       "course.completed"
             *     ]
             */
            eventTypes: string[];
            /** @enum {string} */
            action: "message" | "tag" | "record" | "attribute";
            options: {
                [key: string]: unknown;
            };
        };
        RotateSecretDto: {
            /**
             * @description How long the secret so far goes on working, in seconds; 0 ends it at once.
             * @default 86400
             */
            overlapSeconds?: number;
        };
        RotateSubscriptionSecretDto: {
            /**
             * @description How long webhooks are signed with the previous secret as well, in seconds.
             * @default 86400
             */
            overlapSeconds?: number;
        };
        RotatedSecretDto: {
            /** @example cli_0198c2a4e2d07c1f5a9be3d46b20 */
            clientId: string;
            /**
             * @description The new secret, shown this once.
             * @example tbcs_…
             */
            clientSecret: string;
            /**
             * Format: date-time
             * @description When the secret so far stops working; null when it has stopped.
             */
            previousExpiresAt: string | null;
        };
        RuleAssignDto: {
            /** @example c-101 */
            courseId: string;
            /**
             * @description Who learns: `applicant` (of a task, the default), `customer` or `user` (the one it is about, the default of these kinds), or a JSONata expression that gives external ids of users.
             * @example form.`参训人员`
             */
            to?: string;
            /** @description From the day the rule fires. */
            dueInDays?: number | null;
            /** @default false */
            isMandatory?: boolean;
            /** @description Absent: the course’s. */
            title?: string | null;
            /** Format: uri */
            url?: string | null;
        };
        RuleDto: {
            /** @example rul_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            name: string;
            connectionId: string;
            isActive: boolean;
            when: components["schemas"]["RuleWhenDto"];
            assign: components["schemas"]["RuleAssignDto"];
            /** @description How many assignments it has made. */
            firedCount: number;
            /** Format: date-time */
            lastFiredAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        RuleWhenDto: {
            /**
             * @description `task`: an approval or other task of the platform reaches a status. `customer`: an SCRM contact is new or changes, such as getting a tag. `user`: an employee is new or changes.
             * @enum {string}
             */
            kind: "task" | "customer" | "user";
            /** @description Only tasks of this definition or template; absent: of any. */
            taskKind?: string;
            /**
             * @description The status a task has to reach.
             * @default approved
             * @enum {string}
             */
            status?: "open" | "approved" | "rejected" | "withdrawn" | "deleted";
            /**
             * @description A JSONata expression over the record; anything but true does not match. Tasks have `externalId, kind, title, status, applicantExternalId, form, updatedAt, raw`, customers `externalId, displayName, tags, ownerExternalIds, raw`, users `externalId, displayName, employeeNumber, jobTitle, departments`.
             * @example form.`培训类型` = "安全"
             */
            condition?: string;
            /**
             * Format: date-time
             * @description For tasks seen for the first time: only those that changed since. Absent: about when the rule was made, so that a new rule does not assign for years of old approvals.
             */
            since?: string;
        };
        RunCountsDto: {
            users: components["schemas"]["KindCountsDto"];
            departments: components["schemas"]["KindCountsDto"];
            /** @description Of a platform that lists its customers; read after the people, and not by a reconcile. */
            customers?: components["schemas"]["CustomerCountsDto"];
            /** @description Only of runs of kind `tasks`. */
            tasks?: components["schemas"]["TaskCountsDto"];
        };
        RunDto: {
            /** @example run_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            /** @example con_0198c2a4e2d07c1f5a9be3d46b20 */
            connectionId: string;
            /** @enum {string} */
            kind: "directory" | "tasks";
            /**
             * @description `events`: a small run made of what the platform told us.
             * @enum {string}
             */
            mode: "full" | "reconcile" | "incremental" | "events";
            dryRun: boolean;
            /**
             * @description `partial`: done as far as it could be read, nobody was disabled for being absent. `blocked`: the guard waits for an approval (`/apply`). `planned`: a dry run that can be applied.
             * @enum {string}
             */
            status: "queued" | "running" | "success" | "partial" | "failed" | "blocked" | "planned" | "canceled";
            /** @description What was done; for planned and blocked runs, what would be. */
            counts: components["schemas"]["RunCountsDto"];
            /** @description Live figures. */
            progress: {
                /** @enum {string} */
                phase?: "fetch" | "plan" | "apply" | "done";
                departmentsDone?: number;
                departmentsTotal?: number;
                /** @description Records, people in several departments several times. */
                usersRead?: number;
                tasksRead?: number;
                pages?: number;
                /** @description Records, customers of several owners several times. */
                customersRead?: number;
                /** @description Changes the plan has. */
                planned?: number;
                /** @description Changes carried out so far. */
                applied?: number;
                /** Format: date-time */
                startedAt?: string;
                estimatedSecondsLeft?: number | null;
            };
            /**
             * @description People moved between departments, people and departments that exist but may not be seen, drift; of customers: why not all could be read, and how many were kept although they are not listed any more.
             * @example {
             *       "moved": 3,
             *       "notVisible": {
             *         "users": 0,
             *         "departments": 1
             *       }
             *     }
             */
            notes: {
                [key: string]: unknown;
            };
            /**
             * @description Why the run failed, is partial or waits; `numbers` say by how much.
             * @example {
             *       "code": "too_many_disabled",
             *       "message": "30 people would be disabled, 30 within 24 hours; 20 of 100 active people are allowed without approval.",
             *       "numbers": {
             *         "active": 100,
             *         "disabling": 30,
             *         "disabledIn24h": 0,
             *         "allowed": 20
             *       }
             *     }
             */
            error: ({
                code?: string;
                message?: string;
            } & {
                [key: string]: unknown;
            }) | null;
            requestedBy: string | null;
            /** @description Who applied a plan or approved a blocked run. */
            approvedBy: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            startedAt: string | null;
            /** Format: date-time */
            finishedAt: string | null;
        };
        /**
         * @description What it may do.
         * @enum {string}
         */
        Scope: "openid" | "profile" | "directory:read" | "directory:contact" | "directory:write" | "connections:read" | "connections:admin" | "runs:write" | "assignments:read" | "assignments:write" | "learning-events:read" | "learning-events:write" | "subscriptions:write" | "deliveries:read" | "deliveries:write" | "exchanges:read" | "audit:read" | "metrics:read" | "clients:admin";
        StoredLearningEventDto: {
            /**
             * @description Made by the learning system, unique for each client. Sending it again with the same content does nothing.
             * @example lms-2026-000123
             */
            id: string;
            type: components["schemas"]["LearningEventType"];
            /** @description Exactly one of `{userId}`, `{customerId}`, `{connectionId, externalId}`, `{employeeNumber}` (which may be narrowed by `connectionId`). */
            learner: components["schemas"]["LearnerDto"];
            course?: components["schemas"]["LearningCourseDto"];
            /** @description The exam, usually `{id, code?, title?}`. */
            exam?: {
                [key: string]: unknown;
            };
            /** @description The enrollment it belongs to. */
            enrollmentId?: string;
            /** @description Which try of the learner this is. */
            attempt?: number;
            /** @description The `id` of the event that this one corrects. */
            corrects?: string;
            result?: components["schemas"]["LearningResultDto"];
            /** @description The certificate, usually `{id, title?, number?, url?, expiresAt?}`. */
            certificate?: {
                [key: string]: unknown;
            };
            /** @description Skills, as names or as objects such as `{id, name, level}`. */
            skills?: unknown[];
            /**
             * Format: date-time
             * @example 2026-11-23T09:30:00Z
             */
            occurredAt: string;
            /** @description Anything else worth passing on. */
            attributes?: {
                [key: string]: unknown;
            };
            /**
             * @description Our id of it, which is the `webhook-id` it goes out with.
             * @example lev_0198c2a4e2d07c1f5a9be3d46b20
             */
            recordId: string;
            /** @description Who sent it; null: the admin token. */
            clientId: string | null;
            /** @description The User the learner was found to be. */
            userId: string | null;
            /** @description The Customer the learner was found to be. */
            customerId: string | null;
            connectionId: string | null;
            /** @description The learner is not known yet. */
            held: boolean;
            /** Format: date-time */
            acceptedAt: string;
        };
        SubscriptionDto: {
            /** @example sub_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            /** @description The client it belongs to; null: made with the admin token. */
            clientId: string | null;
            /** Format: uri */
            url: string;
            eventTypes: string[];
            /** @description Null: all that the client may see. */
            connectionIds: string[] | null;
            /** @description Seconds before each retry. */
            retrySchedule: number[];
            rateLimit: number | null;
            ordered: boolean;
            /**
             * @description The names of your own headers; values are never shown.
             * @example {
             *       "x-api-key": "***"
             *     }
             */
            headers: {
                [key: string]: string;
            };
            /** @enum {string} */
            status: "active" | "disabled";
            /**
             * @description `gone`: the receiver answered 410. `manual`: somebody disabled it. Null while active.
             * @example null
             */
            disabledReason: string | null;
            /**
             * @description As this process sees the receiver: `open` while it is down and deliveries wait, `half_open` while one probes.
             * @enum {string}
             */
            breaker: "closed" | "open" | "half_open";
            /**
             * Format: date-time
             * @description Until then webhooks carry a signature of the previous secret as well; null: there is only one.
             */
            previousSecretExpiresAt: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        TaskCountsDto: {
            created: number;
            updated: number;
            unchanged: number;
            rejected: number;
        };
        TaskDto: {
            /** @example tsk_0198c2a4e2d07c1f5a9be3d46b20 */
            id: string;
            connectionId: string;
            /**
             * @description The platform’s id.
             * @example 202611230001
             */
            externalId: string;
            /**
             * @description The platform’s definition or template.
             * @example 3Tka1eD6v6JfzhDMqPd3aMkFdxqtJMc2ZRioeFXkaaa
             */
            kind: string;
            /** @example 入职培训申请 */
            title: string;
            /** @enum {string} */
            status: "open" | "approved" | "rejected" | "withdrawn" | "deleted";
            /** @description As the platform names the person. */
            applicantExternalId: string | null;
            /** @description Form fields by their label. */
            form: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description By the platform’s clock.
             */
            changedAt: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        TestRuleBody: {
            /**
             * @description Id of a stored task, customer or user, as the rule’s kind is.
             * @example tsk_0198c2a4e2d07c1f5a9be3d46b20
             */
            subjectId?: string;
            /** @description Id of a stored task: the same as `subjectId`, for rules of kind `task`. */
            taskId?: string;
            /**
             * @description Or a record made up for the test.
             * @example {
             *       "kind": "tpl-1",
             *       "status": "approved",
             *       "applicantExternalId": "zhang.wei",
             *       "form": {
             *         "培训类型": "安全"
             *       }
             *     }
             */
            record?: {
                [key: string]: unknown;
            };
        };
        TestRuleDto: {
            /** @description Would an assignment be made of it? */
            wouldFire: boolean;
            /** @description Why not, or what to know. */
            detail: string | null;
            learners: components["schemas"]["TestedLearnerDto"][];
            /** @description The assignment as it would be: `courseId, title, url, dueAt, isMandatory, source`. */
            assignment: {
                [key: string]: unknown;
            } | null;
            /** @description The assignment this rule has made of it already. */
            existingAssignmentId: string | null;
        };
        TestedLearnerDto: {
            /** @example zhang.wei */
            externalId: string;
            /** @description Null: the directory does not know them (yet). */
            userId: string | null;
        };
        TodoCountsDto: {
            /** @description On their way. */
            pending: number;
            /** @description Given up: see `GET /api/v1/enrollments?todoStatus=failed`. */
            failed: number;
        };
        TodosBody: {
            /** @default false */
            enabled?: boolean | null;
            /**
             * @description Where a to-do leads, with {enrollmentId}, {assignmentId}, {courseId}, {userId}; absent: the assignment’s or the course’s own address.
             * @example https://lms.example.com/learn/{courseId}?enrollment={enrollmentId}
             */
            urlTemplate?: string | null;
        };
        TodosDto: {
            /** @example false */
            enabled: boolean;
            urlTemplate: string | null;
        };
        TokenAnswerDto: {
            /** @example tbat_… */
            access_token: string;
            /** @enum {string} */
            token_type: "Bearer";
            /**
             * @description Seconds.
             * @example 3600
             */
            expires_in: number;
            /**
             * @description What the token may do, separated by spaces.
             * @example directory:read
             */
            scope: string;
        };
        TokenRequestDto: {
            /** @enum {string} */
            grant_type: "client_credentials";
            /** @description Unless sent with HTTP Basic. */
            client_id?: string;
            /** @description Unless sent with HTTP Basic. */
            client_secret?: string;
            /**
             * @description Some of the client’s scopes, separated by spaces; absent: all of them.
             * @example directory:read learning-events:write
             */
            scope?: string;
        };
        UpdateAssignmentBody: {
            /** @description null: the course’s again. */
            title?: string | null;
            /** Format: uri */
            url?: string | null;
            /**
             * Format: date-time
             * @description For everybody who has not finished.
             */
            dueAt?: string | null;
            isMandatory?: boolean;
            /**
             * @description `withdrawn` withdraws the enrollments of all who have not finished; it cannot be taken back.
             * @enum {string}
             */
            status?: "active" | "withdrawn";
        };
        UpdateClientDto: {
            /** @description The only connections it may see or touch; null or absent: all. */
            connectionIds?: string[] | null;
            /**
             * @description The only addresses it may call from, as addresses or CIDR ranges; null or absent: any.
             * @example [
             *       "203.0.113.0/24"
             *     ]
             */
            allowedIps?: string[] | null;
            /**
             * Format: date-time
             * @description From then on neither its secret nor its tokens work; null or absent: never.
             */
            expiresAt?: string | null;
            /**
             * @description Life time of access tokens, in seconds.
             * @default 3600
             */
            accessTokenTtlSeconds?: number;
            /**
             * @description Where OpenID Connect may send people back to: https, or http on a loopback address; no fragment.
             * @example [
             *       "https://lms.example.com/callback"
             *     ]
             */
            redirectUris?: string[];
            /** @description For people. */
            name?: string;
            /** @description Replaces the list. A scope taken away is gone from its tokens at once. */
            scopes?: components["schemas"]["Scope"][];
        };
        UpdateConnectionBody: {
            /**
             * @description IANA time zone.
             * @default Asia/Shanghai
             */
            timezone?: string | null;
            /**
             * @default zh-CN
             * @enum {string|null}
             */
            locale?: "zh-CN" | "en" | null;
            /**
             * @description A JSONata expression per field over the platform’s raw record; checked when it is saved. A field set to null is no longer mapped.
             * @example {
             *       "user": {
             *         "employeeNumber": "extattr.attrs[name='工号'].text.value"
             *       }
             *     }
             */
            mapping?: {
                user?: {
                    /** @description JSONata expression */
                    displayName?: string | null;
                    /** @description JSONata expression */
                    employeeNumber?: string | null;
                    /** @description JSONata expression */
                    workEmail?: string | null;
                    /** @description JSONata expression */
                    mobile?: string | null;
                    /** @description JSONata expression */
                    jobTitle?: string | null;
                    /** @description JSONata expression */
                    managerExternalId?: string | null;
                    /** @description JSONata expression */
                    status?: string | null;
                    /** @description JSONata expression */
                    avatarUrl?: string | null;
                    /** @description JSONata expression */
                    customFields?: string | null;
                };
                department?: {
                    /** @description JSONata expression */
                    name?: string | null;
                    /** @description JSONata expression */
                    code?: string | null;
                    /** @description JSONata expression */
                    order?: string | null;
                };
            } | null;
            /** @description A run is blocked, until a client approves it, when the people disabled within 24 hours exceed max(`minimum`, `maxDisabledPercent` of the active), or `maxDisabled`. */
            guard?: components["schemas"]["GuardBody"] | null;
            /** @description Enrollments appear as the platform’s to-dos and close on completion. */
            todos?: components["schemas"]["TodosBody"] | null;
            /** @description What the platform is told of learning events; replaces the whole list. */
            results?: components["schemas"]["ResultBody"][] | null;
            /**
             * @description Spend one call per new or changed person for the fields only such a call tells.
             * @default false
             */
            detailCalls?: boolean | null;
            /**
             * @description Hold a connection to the platform for its events, where it offers one; then no public address is needed.
             * @default true
             */
            listen?: boolean | null;
            /**
             * @description HTTP proxy for this connection’s calls; a password in it is stored encrypted and never shown.
             * @example http://proxy.example.com:3128
             */
            proxyUrl?: string | null;
            name?: string;
            /**
             * @description Merged into what is stored (RFC 7396): what is absent stays, secrets included; null removes. What defines the tenant cannot be changed.
             * @example {
             *       "corpId": "ww1234567890abcdef",
             *       "agentId": "1000002",
             *       "agentSecret": "…"
             *     }
             */
            config?: {
                [key: string]: unknown;
            };
        };
        UpdateEnrollmentBody: {
            /**
             * @description Forward, to `withdrawn` or `expired`, or from these back to `assigned`.
             * @enum {string}
             */
            status?: "assigned" | "in_progress" | "completed" | "passed" | "failed" | "withdrawn" | "expired";
            /**
             * Format: date-time
             * @description For this person.
             */
            dueAt?: string | null;
        };
        UpdateRuleBody: {
            name?: string;
            isActive?: boolean;
            /** @description Replaces what was there. */
            when?: components["schemas"]["RuleWhenDto"];
            /** @description Replaces what was there. */
            assign?: components["schemas"]["RuleAssignDto"];
        };
        UpdateSubscriptionDto: {
            /** @description Only events of these connections; null or absent: of all that the client may see. */
            connectionIds?: string[] | null;
            /**
             * @description Seconds before each retry (each moved by up to 10 %); after the last one the delivery is dead. An empty list: no retry.
             * @default [
             *       5,
             *       60,
             *       600
             *     ]
             */
            retrySchedule?: number[] | null;
            /** @description Webhooks per second (of each worker process); null or absent: as fast as the receiver takes them. */
            rateLimit?: number | null;
            /**
             * @description Events of one person one after the other: the next waits until the one before is delivered or dead.
             * @default false
             */
            ordered?: boolean;
            /**
             * @description Headers of your own on every webhook, such as an API key. Stored encrypted, shown as `***`.
             * @example {
             *       "x-api-key": "k-123"
             *     }
             */
            headers?: {
                [key: string]: string;
            };
            /**
             * Format: uri
             * @description Where webhooks are sent. https (in production http only within TRAINBRIDGE_ALLOWED_NETWORKS), without credentials; redirects are not followed.
             * @example https://oa.example.com/hooks/learning
             */
            url?: string;
            /**
             * @description Which events: names (`course.completed`), families (`exam.*`) or everything (`*`).
             * @example [
             *       "course.completed",
             *       "exam.*"
             *     ]
             */
            eventTypes?: string[];
            /**
             * @description A disabled subscription gets no new events and what waits for it goes on waiting; enable it to resume.
             * @enum {string}
             */
            status?: "active" | "disabled";
        };
        UserCountsDto: {
            active: number;
            pending: number;
            disabled: number;
        };
        UserDto: {
            /**
             * @description Never changes.
             * @example usr_0198c2a4e2d07c1f5a9be3d46b20
             */
            id: string;
            /**
             * @description The same for all users that are one human.
             * @example per_0198c2a4e2d07c1f5a9be3d46b20
             */
            personId: string;
            /** @example con_0198c2a4e2d07c1f5a9be3d46b20 */
            connectionId: string;
            /**
             * @description The platform’s id of the person, as the platform writes it.
             * @example ZhangSan
             */
            externalId: string;
            /** @description All other ids the platform gives. */
            externalIds: components["schemas"]["ExternalIdDto"][];
            /**
             * @description 工号
             * @example E1024
             */
            employeeNumber: string | null;
            /** @example 张三 */
            displayName: string | null;
            /**
             * @description Null without scope `directory:contact`.
             * @example zhangsan@example.com
             */
            workEmail: string | null;
            /**
             * @description E.164. Null without scope `directory:contact`.
             * @example +8613800000000
             */
            mobile: string | null;
            /** @example 工程师 */
            jobTitle: string | null;
            /** @description The User who is their manager. */
            managerId: string | null;
            /** @description `pending`: invited and not there yet; `disabled`: left, or blocked on the platform. */
            status: components["schemas"]["UserStatus"];
            /** @description The primary one first. */
            memberships: components["schemas"]["MembershipDto"][];
            /** Format: uri */
            avatarUrl: string | null;
            /** @description What the mapping of the connection adds. */
            customFields: {
                [key: string]: unknown;
            };
            /**
             * @description Fields the platform keeps from this app. They show what was known before, or null.
             * @example [
             *       "mobile"
             *     ]
             */
            withheldFields: string[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: date-time */
            disabledAt: string | null;
            /** @description Why they are disabled. `left`: the platform told that they left; `gone`: asked for them, it said there is nobody; `absent`: a complete run did not find them; `platform`: their account is disabled there. */
            disabledReason: string | null;
        };
        UserListDto: {
            data: components["schemas"]["UserDto"][];
            /** @description Give it as `cursor` to read the next page; null on the last page. */
            nextCursor: string | null;
            /** @description On the first page: a `cursor` of `GET /api/v1/directory/changes`. Whoever reads all pages and then the feed from here misses no change; the feed may repeat some that the pages show already. */
            feedCursor?: string;
        };
        /** @enum {string} */
        UserStatus: "active" | "pending" | "disabled";
    };
    responses: never;
    parameters: {
        /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
        IdempotencyKey: string;
        /** @description Language of texts for people: `en` (default) or `zh-CN`. */
        AcceptLanguage: string;
    };
    requestBodies: never;
    headers: {
        /** @description Names this request in logs and reports; the caller’s own when it sent a short, plain one. */
        RequestId: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "assignments.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                /** @description Only those for people of this connection. */
                connectionId?: string;
                courseId?: string;
                status?: "active" | "withdrawn";
                /** @description Only those this rule made. */
                ruleId?: string;
                /** @description Only those of this `source.kind`. */
                sourceKind?: string;
                /** @description Only those of this `source.externalId`. */
                sourceExternalId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AssignmentDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "assignments.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateAssignmentBody"];
            };
        };
        responses: {
            /** @description The assignment this source has already, with the same content. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentDto"];
                };
            };
            /** @description The assignment, new. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `id_conflict`: The same id was used with other content. `conflict`: It conflicts with what exists. `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "assignments.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the assignment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "assignments.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the assignment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateAssignmentBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssignmentDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed. `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: It conflicts with what exists. `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "auditEntries.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                /** @description Only what was done, exactly or by prefix: `client.created`, `client.*`. */
                action?: string;
                /** @description Only by this client. */
                clientId?: string;
                /** @description Only to this record. */
                subjectId?: string;
                /** @description Only what concerns this connection. */
                connectionId?: string;
                /** @description Not before this time. */
                since?: string;
                /** @description Before this time. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Audit entries, newest first. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AuditEntryDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "clients.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Clients, newest first. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ClientDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "clients.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateClientDto"];
            };
        };
        responses: {
            /** @description The client, with its secret. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedClientDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed. `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "clients.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The client. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDto"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "clients.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed. `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "clients.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateClientDto"];
            };
        };
        responses: {
            /** @description The client. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClientDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed. `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "clients.rotateSecret": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateSecretDto"];
            };
        };
        responses: {
            /** @description The new secret. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RotatedSecretDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed. `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "clients.tokens.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description API tokens, newest first. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ApiTokenDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "clients.tokens.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTokenDto"];
            };
        };
        responses: {
            /** @description The token. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiTokenDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed. `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "clients.tokens.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed. `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                /** @description Id of a connector. */
                connector?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ConnectionDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateConnectionBody"];
            };
        };
        responses: {
            /** @description The connection, without its secrets. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed. `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used for another request, or the same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported here. */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.import": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportConnectionBody"];
            };
        };
        responses: {
            /** @description The connection as it is now. */
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `forbidden`: Not allowed. `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `identity_immutable`: What defines the tenant cannot be changed. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unsupported_media_type`: The content type is not supported here. */
            415: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection, without its secrets. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.delete": {
        parameters: {
            query?: {
                /** @description What becomes of the connection’s people: `keep` disables nobody and leaves them readable, `erase` removes every trace of them. Required when the connection has people. */
                people?: "keep" | "erase";
            };
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: It conflicts with what exists. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateConnectionBody"];
            };
        };
        responses: {
            /** @description The connection as it is now. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `identity_immutable`: What defines the tenant cannot be changed. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available at the moment. */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.check": {
        parameters: {
            query?: never;
            header?: {
                /** @description Language of texts for people: `en` (default) or `zh-CN`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CheckBody"];
            };
        };
        responses: {
            /** @description What was found, step by step. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckResultDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used for another request, or the same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.export": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document; keep it as a file. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionDocument"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.runs": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRunBody"];
            };
        };
        responses: {
            /** @description The run; follow it with `GET /api/v1/runs/{id}` or its progress. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `run_in_progress`: The connection has a run already. `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unprocessable`: It cannot be done as asked. */
            422: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unavailable`: Not available at the moment. */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connections.stats": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Counts as they are now. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionStatsDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "connectors.list": {
        parameters: {
            query?: never;
            header?: {
                /** @description Language of texts for people: `en` (default) or `zh-CN`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, on one page. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectorsDto"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "courses.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                /** @description Only the course of this id. */
                id?: string;
                /** @description Only courses of this code. */
                code?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CourseDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "courses.replace": {
        parameters: {
            query?: never;
            header?: {
                /** @description Language of texts for people: `en` (default) or `zh-CN`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutCoursesBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PutCoursesDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                /** @description Only those of this connection. */
                connectionId?: string;
                /** @description The platform’s id of it, or another one as `type:value` (`open_id:ou_…`). People’s main ids compare without case. */
                externalId?: string;
                /** @description Changed at this time or later. To keep a copy up to date follow the change feed instead: it misses nothing. */
                updatedSince?: string;
                /** @description Only those this user looks after. */
                ownerUserId?: string;
                /** @description Only those with this tag: the platform’s id of it. */
                tagId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["CustomerDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "customers.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the customer. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The customer. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "deliveries.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                /** @description Only those in this state. */
                status?: "pending" | "sending" | "delivered" | "skipped" | "dead" | "canceled";
                /** @description Only those of this subscription. */
                subscriptionId?: string;
                /** @description Only those of events of this connection, to subscriptions and to its platform. */
                connectionId?: string;
                /** @description Only those of this event: the `id` it was sent in with, or the `webhook-id` it goes out with. */
                eventId?: string;
            };
            header?: {
                /** @description Language of texts for people: `en` (default) or `zh-CN`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deliveries, newest first. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["DeliveryDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "deliveries.recover": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecoverPlatformDto"];
            };
        };
        responses: {
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveredDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "deliveries.get": {
        parameters: {
            query?: never;
            header?: {
                /** @description Language of texts for people: `en` (default) or `zh-CN`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetailDto"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "deliveries.retry": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetailDto"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: It conflicts with what exists. `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "departments.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                /** @description Only those of this connection. */
                connectionId?: string;
                /** @description The platform’s id of it, or another one as `type:value` (`open_id:ou_…`). People’s main ids compare without case. */
                externalId?: string;
                /** @description Changed at this time or later. To keep a copy up to date follow the change feed instead: it misses nothing. */
                updatedSince?: string;
                /** @description Only what is directly below this department. */
                parentId?: string;
                /** @description Only this department and all that is below it. */
                departmentId?: string;
                status?: components["schemas"]["DepartmentStatus"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["DepartmentDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "departments.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the department. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The department. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DepartmentDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "directory.changes": {
        parameters: {
            query?: {
                /** @description How many changes at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before, or the `feedCursor` of a list of users; without it the feed begins at its beginning. It is good with any filter, and does not expire. */
                cursor?: string;
                /** @description Only changes of this connection. */
                connectionId?: string;
                /** @description Only what happened to this user, department or customer. */
                subjectId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The changes after the cursor, oldest first. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DirectoryChangeListDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "enrollments.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                assignmentId?: string;
                userId?: string;
                customerId?: string;
                connectionId?: string;
                courseId?: string;
                status?: "assigned" | "in_progress" | "completed" | "passed" | "failed" | "withdrawn" | "expired";
                /** @description Only those whose to-do is in this state. */
                todoStatus?: "pending" | "open" | "closed" | "skipped" | "failed";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["EnrollmentDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "enrollments.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the enrollment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "enrollments.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the enrollment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateEnrollmentBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: It conflicts with what exists. `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "enrollments.todo.retry": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the enrollment. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way again. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EnrollmentDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: It conflicts with what exists. `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "exchanges.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                connectionId?: string;
                /** @description `outbound`: we called the platform. */
                direction?: "outbound" | "inbound";
                /** @description An HTTP status (`502`), a class of them (`5xx`), or `none` for calls that were never answered. */
                status?: string;
                /** @description The platform’s own error code. */
                vendorCode?: string;
                /** @description Began at this time or later. */
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ExchangeDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "learningEvents.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                type?: components["schemas"]["LearningEventType"];
                /** @description The event sent in with this `id`, or kept under this `recordId`. */
                eventId?: string;
                userId?: string;
                customerId?: string;
                /** @description For the admin token: events of this client only. */
                clientId?: string;
                connectionId?: string;
                courseId?: string;
                /** @description `occurredAt` from this time on. */
                since?: string;
                /** @description `occurredAt` before this time. */
                until?: string;
                /** @description `true`: only events whose learner is not known yet. */
                held?: "true" | "false";
                /** @description `false` saves counting when only the events matter. */
                count?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Learning events, newest first. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["StoredLearningEventDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                        /** @description How many events match in all; absent with `count=false`. */
                        count?: number;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "learningEvents.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Language of texts for people: `en` (default) or `zh-CN`. */
                "Accept-Language"?: components["parameters"]["AcceptLanguage"];
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LearningEventDto"] | components["schemas"]["LearningEventBatchDto"];
            };
        };
        responses: {
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptedLearningEventsDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `body_too_large`: The body is too large. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "learningEvents.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredLearningEventDto"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "platformEvents.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                connectionId?: string;
                status?: "pending" | "applied" | "ignored" | "failed" | "dead";
                kind?: "user.changed" | "user.left" | "user.renamed" | "department.changed" | "department.removed" | "visibility.changed" | "customer.changed" | "customer.removed" | "task.changed" | "todo.changed" | "other";
                /** @description Received at this time or later. */
                since?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PlatformEventDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "platformEvents.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the platform event. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event with its whole raw message. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformEventDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "platformEvents.retry": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the platform event. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It waits to be handled. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PlatformEventDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used for another request, or the same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rules.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                connectionId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RuleDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rules.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateRuleBody"];
            };
        };
        responses: {
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rules.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the rule. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rules.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the rule. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rules.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the rule. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateRuleBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RuleDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rules.firings": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                outcome?: "pending" | "held" | "fired" | "not_matched" | "failed";
            };
            header?: never;
            path: {
                /** @description Id of the rule. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["FiringDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "rules.test": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the rule. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TestRuleBody"];
            };
        };
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestRuleDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The Idempotency-Key was used for another request, or the same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "runs.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                connectionId?: string;
                status?: "queued" | "running" | "success" | "partial" | "failed" | "blocked" | "planned" | "canceled";
                kind?: "directory" | "tasks";
                mode?: "full" | "reconcile" | "incremental" | "events";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RunDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "runs.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run as it is now. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "runs.apply": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run goes on. */
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: It conflicts with what exists. `plan_outdated`: The plan no longer fits the directory. `run_in_progress`: The connection has a run already. `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "runs.cancel": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run, canceled. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: It conflicts with what exists. `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "runs.plan": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                kind?: "user" | "department";
                action?: "create" | "update" | "restore" | "disable";
            };
            header?: never;
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PlanLineDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                    "text/csv": {
                        data: components["schemas"]["PlanLineDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "runs.progress": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A stream of the run. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "runs.rejected": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description Id of the run. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["RejectedRecordDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "subscriptions.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Subscriptions, newest first. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SubscriptionDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "subscriptions.create": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSubscriptionDto"];
            };
        };
        responses: {
            201: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedSubscriptionDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "subscriptions.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionDto"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "subscriptions.delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted. */
            204: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "subscriptions.update": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateSubscriptionDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubscriptionDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "subscriptions.recover": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RecoverDto"];
            };
        };
        responses: {
            202: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveredDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: It conflicts with what exists. `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "subscriptions.rotateSecret": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateSubscriptionSecretDto"];
            };
        };
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedSubscriptionDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_json`: The body is not valid JSON. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `idempotency_conflict`: The Idempotency-Key was used for another request. `idempotency_in_progress`: The same request is still being worked on. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "subscriptions.test": {
        parameters: {
            query?: never;
            header?: {
                /** @description Any text of up to 255 characters. The same request with the same key is done once within 24 hours and answered the same again (with `Idempotency-Replayed: true`); another request with it is refused. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryDetailDto"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `conflict`: It conflicts with what exists. */
            409: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tasks.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                connectionId?: string;
                kind?: string;
                status?: "open" | "approved" | "rejected" | "withdrawn" | "deleted";
                externalId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["TaskDto"][];
                        /** @description Give it as `cursor` to read the next page; null on the last page. */
                        nextCursor: string | null;
                    };
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "tasks.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the task. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.list": {
        parameters: {
            query?: {
                /** @description How many items at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before; the filters must be the same. */
                cursor?: string;
                /** @description Only those of this connection. */
                connectionId?: string;
                /** @description The platform’s id of it, or another one as `type:value` (`open_id:ou_…`). People’s main ids compare without case. */
                externalId?: string;
                /** @description Changed at this time or later. To keep a copy up to date follow the change feed instead: it misses nothing. */
                updatedSince?: string;
                /** @description Only members of this department itself. */
                departmentId?: string;
                status?: components["schemas"]["UserStatus"];
                /** @description 工号, exactly. */
                employeeNumber?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page of the list. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserListDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. `invalid_cursor`: The cursor does not belong to this list. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "users.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the user. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserDto"];
                };
            };
            /** @description `invalid_request`: The request is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `unauthorized`: Not authenticated. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `insufficient_scope`: A scope is missing. `ip_not_allowed`: The address is not on the allow list. */
            403: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `not_found`: Not found. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description `internal`: Something went wrong on our side. */
            500: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "callbacks.verify": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection. */
                connectionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The platform’s own form of an acknowledgement. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description It cannot be read: cut off, or not what the platform sends. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not genuine, or too old. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such connection. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More than 1 MiB. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "callbacks.receive": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of the connection. */
                connectionId: string;
            };
            cookie?: never;
        };
        /** @description As the platform sends it. */
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description The platform’s own form of an acknowledgement. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description It cannot be read: cut off, or not what the platform sends. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is not genuine, or too old. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such connection. */
            404: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description More than 1 MiB. */
            413: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "health.live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LiveDto"];
                };
            };
            /** @description The request cannot be understood; a problem document says why. */
            "4XX": {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "health.ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Yes, perhaps without some connectors. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyDto"];
                };
            };
            /** @description No: the database does not answer. */
            503: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReadyDto"];
                };
            };
            /** @description The request cannot be understood; a problem document says why. */
            "4XX": {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "oauth2.token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": components["schemas"]["TokenRequestDto"];
                "application/json": components["schemas"]["TokenRequestDto"];
            };
        };
        responses: {
            /** @description The access token. */
            200: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswerDto"];
                };
            };
            /** @description The request, grant type or scope is not valid. */
            400: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthErrorDto"];
                };
            };
            /** @description The client id or secret is wrong. */
            401: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthErrorDto"];
                };
            };
            /** @description Too many failed logins; wait as `Retry-After` says. */
            429: {
                headers: {
                    "x-request-id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthErrorDto"];
                };
            };
        };
    };
    "webhooks.assignment": {
        parameters: {
            query?: never;
            header: {
                /** @description Names this message; the same at every try. */
                "webhook-id": string;
                /** @description Unix seconds of this try. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; two of them, separated by a space, while a secret is being rotated. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The same as `webhook-id`. */
                    id: string;
                    /** @enum {string} */
                    type: "assignment.created";
                    /**
                     * Format: date-time
                     * @description When it happened.
                     */
                    timestamp: string;
                    data: components["schemas"]["AssignmentDto"];
                };
            };
        };
        responses: {
            /** @description Never send here again: the subscription is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. Any 2xx ends the delivery; answer first, work afterwards. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken: tried again as the subscription’s `retrySchedule` says. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken: tried again as the subscription’s `retrySchedule` says. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "webhooks.enrollment": {
        parameters: {
            query?: never;
            header: {
                /** @description Names this message; the same at every try. */
                "webhook-id": string;
                /** @description Unix seconds of this try. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; two of them, separated by a space, while a secret is being rotated. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The same as `webhook-id`. */
                    id: string;
                    /** @enum {string} */
                    type: "enrollment.created" | "enrollment.updated";
                    /**
                     * Format: date-time
                     * @description When it happened.
                     */
                    timestamp: string;
                    data: components["schemas"]["EnrollmentEventDto"];
                };
            };
        };
        responses: {
            /** @description Never send here again: the subscription is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. Any 2xx ends the delivery; answer first, work afterwards. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken: tried again as the subscription’s `retrySchedule` says. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken: tried again as the subscription’s `retrySchedule` says. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "webhooks.learningEvent": {
        parameters: {
            query?: never;
            header: {
                /** @description Names this message; the same at every try. */
                "webhook-id": string;
                /** @description Unix seconds of this try. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; two of them, separated by a space, while a secret is being rotated. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The same as `webhook-id`. */
                    id: string;
                    /** @enum {string} */
                    type: "course.started" | "course.progressed" | "course.completed" | "course.passed" | "course.failed" | "exam.passed" | "exam.failed" | "certificate.issued" | "certificate.revoked" | "video.progressed" | "question.asked" | "question.answered" | "skill.granted" | "assignment.overdue";
                    /**
                     * Format: date-time
                     * @description When it happened.
                     */
                    timestamp: string;
                    data: components["schemas"]["LearningEventDto"];
                };
            };
        };
        responses: {
            /** @description Never send here again: the subscription is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. Any 2xx ends the delivery; answer first, work afterwards. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken: tried again as the subscription’s `retrySchedule` says. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken: tried again as the subscription’s `retrySchedule` says. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "webhooks.run": {
        parameters: {
            query?: never;
            header: {
                /** @description Names this message; the same at every try. */
                "webhook-id": string;
                /** @description Unix seconds of this try. Refuse what is older than five minutes. */
                "webhook-timestamp": string;
                /** @description `v1,` and the signature in base64; two of them, separated by a space, while a secret is being rotated. */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The same as `webhook-id`. */
                    id: string;
                    /** @enum {string} */
                    type: "run.finished";
                    /**
                     * Format: date-time
                     * @description When it happened.
                     */
                    timestamp: string;
                    data: components["schemas"]["RunDto"];
                };
            };
        };
        responses: {
            /** @description Never send here again: the subscription is disabled. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Taken. Any 2xx ends the delivery; answer first, work afterwards. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken: tried again as the subscription’s `retrySchedule` says. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not taken: tried again as the subscription’s `retrySchedule` says. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
