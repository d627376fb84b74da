import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { messageOf } from '../domain/errors.js';
import type { ActiveModel } from './active-model.js';
import type { SettingsStore } from '../ports/settings-store.js';

const lookEveryMs = 1000;
/** A note that did not change is written again after this, well before it counts as left by a process that was killed. */
const renewAfterMs = 20_000;

/** Keeps a note in the database of the model that this process works by: `models forget` leaves that one alone. */
export class ServerLease {
  private readonly server = randomUUID();
  private timer: NodeJS.Timeout | null = null;
  private noted = { version: '', at: 0 };
  private writing: Promise<void> | null = null;

  constructor(
    private readonly live: ActiveModel,
    private readonly properties: Pick<SettingsStore, 'renewLease' | 'releaseLease'>,
  ) {}

  /** From now on, until it is closed. */
  async acquire(): Promise<void> {
    await this.renew();
    this.timer = setInterval(() => void this.renew(), lookEveryMs);
    this.timer.unref();
  }

  async release(): Promise<void> {
    if (this.timer === null) return;
    clearInterval(this.timer);
    await this.writing;
    await this.properties.releaseLease(this.server).catch((error: unknown) => {
      // The rest is closed all the same: the note of a process that is gone counts for a minute at most.
      console.error(`That a model is no longer served cannot be noted: ${messageOf(error)}`);
    });
  }

  private async renew(): Promise<void> {
    const { version, at } = this.noted;
    if (this.writing !== null || (version === this.live.current.model.version && Date.now() - at < renewAfterMs))
      return;
    this.writing = this.write()
      .catch((error: unknown) => {
        console.error(`That a model is served cannot be noted: ${messageOf(error)}`);
      })
      .finally(() => (this.writing = null));
    await this.writing;
  }

  private async write(): Promise<void> {
    const { version } = this.live.current.model;
    const note = { version, at: Date.now(), host: hostname(), pid: process.pid };
    await this.properties.renewLease(this.server, note);
    this.noted = note;
  }
}
