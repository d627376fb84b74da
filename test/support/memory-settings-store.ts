import { SettingsStore, type Lease, type SettingName } from '../../src/ports/settings-store.js';

const leaseMs = 60_000;

/** Settings in memory. */
export class MemorySettingsStore extends SettingsStore {
  private readonly settings = new Map<SettingName, string>();
  private readonly leases = new Map<string, Lease>();

  get(name: SettingName): Promise<string | null> {
    return Promise.resolve(this.settings.get(name) ?? null);
  }

  set(name: SettingName, value: string): Promise<void> {
    this.settings.set(name, value);
    return Promise.resolve();
  }

  renewLease(server: string, lease: Lease): Promise<void> {
    this.leases.set(server, lease);
    return Promise.resolve();
  }

  releaseLease(server: string): Promise<void> {
    this.leases.delete(server);
    return Promise.resolve();
  }

  activeLeases(isGone: (lease: Lease) => boolean): Promise<ReadonlySet<string>> {
    for (const [server, lease] of this.leases) {
      if (Date.now() - lease.at >= leaseMs || isGone(lease)) this.leases.delete(server);
    }
    return Promise.resolve(new Set([...this.leases.values()].map(({ version }) => version)));
  }
}
