import { Injectable } from '@nestjs/common';
import { Collections } from '../../../corpus/collections.js';
import { CorpusReader } from '../../../corpus/corpus-reader.js';
import { DuplicateReview } from '../../../corpus/pictures/duplicate-review.js';
import { IngestHistory } from '../../../corpus/ingest-history.js';
import { MaskReader } from '../../../masks/mask-reader.js';
import { Masks } from '../../../masks/masks.js';
import { MaskJobs } from '../../../masks/scheduling/mask-jobs.js';

/** The use cases that the loaders of a request read the corpus from. */
@Injectable()
export class CorpusSources {
  constructor(
    readonly corpus: CorpusReader,
    readonly collections: Collections,
    readonly history: IngestHistory,
    readonly review: DuplicateReview,
  ) {}
}

/** The use cases that the loaders of a request read masks from. */
@Injectable()
export class MaskSources {
  constructor(
    readonly maskReader: MaskReader,
    readonly masks: Masks,
    readonly maskJobs: MaskJobs,
  ) {}
}
