import type { SettingsStore } from '../ports/settings-store.js';

/** The package that serves where nobody chose one. */
export const starterModel = 'starter';

/**
 * The panel detector of ingests: the configured one, else the one that “models use” chose; null: panels are found by rules.
 * @param configured null where the configuration names none
 * @param settings null where there is no corpus yet, in which nothing can have been chosen
 */
export async function activeDetectorName(
  configured: string | null,
  settings: Pick<SettingsStore, 'get'> | null,
): Promise<string | null> {
  const name = configured ?? (await settings?.get('active_panel_detector')) ?? '';
  return name === '' ? null : name;
}

/**
 * The package that serves: the configured one, else the one that “models use” chose, else the starter.
 * @param configured null where the configuration names none
 * @param settings null where there is no corpus yet, in which nothing can have been chosen
 */
export async function activeModelName(
  configured: string | null,
  settings: Pick<SettingsStore, 'get'> | null,
): Promise<string> {
  return configured ?? (await settings?.get('active_model')) ?? starterModel;
}
