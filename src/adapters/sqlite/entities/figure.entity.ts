import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** `seq` is the row number that the keyword index refers to; `id` is the public id. */
@Entity('figure')
export class FigureEntity {
  @PrimaryGeneratedColumn({ type: 'integer' }) seq!: number;
  @Column({ type: 'text', unique: true }) id!: string;
  /** Name of the source that the record belongs to; empty where it is older than sources and nobody could tell. */
  @Column({ type: 'text' }) source!: string;
  @Column({ name: 'source_key', type: 'text' }) sourceKey!: string;
  @Column({ name: 'article_id', type: 'text', nullable: true }) articleId!: string | null;
  @Column({ type: 'text', nullable: true }) label!: string | null;
  @Column({ type: 'text' }) caption!: string;
  @Column({ type: 'text', nullable: true }) alt!: string | null;
  @Column({ type: 'text', nullable: true }) credit!: string | null;
  @Column({ type: 'text', nullable: true }) license!: string | null;
  @Column({ type: 'simple-json' }) labels!: string[];
  /** Sentences of the article that mention the figure. */
  @Column({ type: 'simple-json' }) mentions!: string[];
  @Column({ type: 'text', nullable: true }) modality!: string | null;
  @Column({ name: 'image_hash', type: 'text' }) imageHash!: string;
  @Column({ type: 'integer' }) width!: number;
  @Column({ type: 'integer' }) height!: number;
  /** Millimetres between rows and between columns. */
  @Column({ name: 'pixel_spacing', type: 'simple-json', nullable: true }) pixelSpacing!: [number, number] | null;
  /** sha256 over the whole record and its image: equal means that nothing has to be done again. */
  @Column({ name: 'record_hash', type: 'text' }) recordHash!: string;
  @Column({ name: 'created_at', type: 'integer' }) createdAt!: number;
}

@Entity('panel')
export class PanelEntity {
  @PrimaryGeneratedColumn({ type: 'integer' }) seq!: number;
  @Column({ type: 'text', unique: true }) id!: string;
  @Column({ name: 'figure_id', type: 'text' }) figureId!: string;
  @Column({ type: 'integer' }) ordinal!: number;
  @Column({ type: 'text', nullable: true }) label!: string | null;
  @Column({ type: 'text', nullable: true }) caption!: string | null;
  @Column({ type: 'integer' }) x!: number;
  @Column({ type: 'integer' }) y!: number;
  @Column({ type: 'integer' }) width!: number;
  @Column({ type: 'integer' }) height!: number;
}
