/** What the host decides about deliveries. Injectable by this class. */
export class DeliveriesOptions {
  /** CIDR ranges beyond the public internet that receivers may live in. */
  allowedNetworks: readonly string[];
  /** In production receivers need https, unless they live in an allowed network. */
  production: boolean;
  /** Whether this process sends (`all`, `worker`) or only accepts and shows (`api`). */
  sends: boolean;
  /** No other process uses the database (the embedded one); then a restart after a kill waits for no lease. */
  alone?: boolean;
}
