/** A setting that cannot be used. The message is the one line the deployer sees; it names the setting, never a secret. */
export class SettingError extends Error {
  constructor(
    readonly setting: string,
    problem: string,
  ) {
    super(`${setting} ${problem}`);
    this.name = 'SettingError';
  }
}
