import { Foundation1764000000000 } from '../../../migrations/1764000000000-foundation.js';
import { Filters1764500000000 } from '../../../migrations/1764500000000-filters.js';
import { Collections1764600000000 } from '../../../migrations/1764600000000-collections.js';
import { Masks1764700000000 } from '../../../migrations/1764700000000-masks.js';
import { MaskImageTypes1764800000000 } from '../../../migrations/1764800000000-mask-image-types.js';
import { PixelSpacing1764950000000 } from '../../../migrations/1764950000000-pixel-spacing.js';
import { Recognitions1765000000000 } from '../../../migrations/1765000000000-recognitions.js';
import { Sources1766000000000 } from '../../../migrations/1766000000000-sources.js';
import { Panels1767000000000 } from '../../../migrations/1767000000000-panels.js';
import { Pictures1768000000000 } from '../../../migrations/1768000000000-pictures.js';
import { FigureOrders1769000000000 } from '../../../migrations/1769000000000-figure-orders.js';
import { LicenseTexts1770000000000 } from '../../../migrations/1770000000000-license-texts.js';
import { PanelCorrections1771000000000 } from '../../../migrations/1771000000000-panel-corrections.js';
import { IngestProgress1772000000000 } from '../../../migrations/1772000000000-ingest-progress.js';
import { ValueRanges1773000000000 } from '../../../migrations/1773000000000-value-ranges.js';
import { PanelClasses1774000000000 } from '../../../migrations/1774000000000-panel-classes.js';
import { RunFailures1775000000000 } from '../../../migrations/1775000000000-run-failures.js';
import { Curation1776100000000 } from '../../../migrations/1776100000000-curation.js';
import { FigureEdits1776200000000 } from '../../../migrations/1776200000000-figure-edits.js';
import { DuplicateDecisions1776300000000 } from '../../../migrations/1776300000000-duplicate-decisions.js';

/** All changes of the schema, the oldest first. */
export const migrations = [
  Foundation1764000000000,
  Filters1764500000000,
  Collections1764600000000,
  Masks1764700000000,
  MaskImageTypes1764800000000,
  PixelSpacing1764950000000,
  Recognitions1765000000000,
  Sources1766000000000,
  Panels1767000000000,
  Pictures1768000000000,
  FigureOrders1769000000000,
  LicenseTexts1770000000000,
  PanelCorrections1771000000000,
  IngestProgress1772000000000,
  ValueRanges1773000000000,
  PanelClasses1774000000000,
  RunFailures1775000000000,
  Curation1776100000000,
  FigureEdits1776200000000,
  DuplicateDecisions1776300000000,
];
