import type { Config } from '../app/config.js';
import { firstModelOffer, pullModel } from '../app/model-use-cases.js';
import { messageOf } from '../domain/errors.js';
import { offeredModel } from '../models/first-model-offer.js';
import { askYesNo, canAsk } from './prompt-user.js';
import { printPulled, pullListener } from './models/pull.js';
import { printNote } from './output.js';
import { localOperator } from '../domain/viewer.js';

/**
 * On a terminal, a first start offers to pull the model that users come for. It asks once: a no is kept. Without a
 * terminal nothing is asked, and nothing is ever downloaded by itself. A pull that fails does not keep the server down.
 */
export async function promptForModelDownload(config: Config): Promise<void> {
  const offer = firstModelOffer(config);
  if (!canAsk() || !(await offer.isDue())) return;
  printNote('figseek runs with its starter model, which is for trying it out only.');
  if (!(await askYesNo('Pull BiomedCLIP from the model hub now (about 0.8 GB)?'))) {
    await offer.refuse();
    printNote('Not asked again; later: npx figseek models pull biomedclip');
    return;
  }
  try {
    printPulled(await pullModel(config).run(localOperator, offeredModel, {}, pullListener()), config.data);
  } catch (error) {
    printNote(`figseek: ${messageOf(error)}`);
  }
}
