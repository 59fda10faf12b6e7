import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Reception, ReceiverAnswer, ReceiverCommand } from './receiver-process.js';

/** The receiver's process, from the outside. */
export class Receiver {
  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Receiver> {
    const child = fork(fileURLToPath(new URL('./receiver-process.js', import.meta.url)), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const [message] = (await once(child, 'message')) as [ReceiverAnswer];
    if (message.kind !== 'listening') throw new Error('the receiver did not start');
    return new Receiver(child, `http://127.0.0.1:${message.port}/hook`);
  }

  async begin(secret: string): Promise<void> {
    await this.ask({ kind: 'begin', secret });
  }

  async report(): Promise<Reception> {
    const answer = await this.ask({ kind: 'report' });
    if (answer.kind !== 'report') throw new Error('the receiver answered something else');
    return answer;
  }

  /** @throws when so many distinct webhooks have not come within a minute. */
  async untilArrived(distinct: number): Promise<Reception> {
    for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
      const reception = await this.report();
      if (reception.distinct >= distinct) return reception;
    }
    throw new Error(`only ${(await this.report()).distinct} of ${distinct} webhooks arrived within a minute`);
  }

  stop(): void {
    this.process.disconnect();
  }

  private async ask(command: ReceiverCommand): Promise<ReceiverAnswer> {
    const answered = once(this.process, 'message') as Promise<[ReceiverAnswer]>;
    this.process.send(command);
    return (await answered)[0];
  }
}
