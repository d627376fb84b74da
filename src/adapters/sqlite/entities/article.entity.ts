import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('article')
export class ArticleEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text', nullable: true }) pmcid!: string | null;
  @Column({ type: 'text', nullable: true }) pmid!: string | null;
  @Column({ type: 'text', nullable: true }) doi!: string | null;
  @Column({ type: 'text' }) title!: string;
  @Column({ type: 'simple-json' }) authors!: string[];
  @Column({ type: 'text', nullable: true }) journal!: string | null;
  @Column({ type: 'integer', nullable: true }) year!: number | null;
  @Column({ type: 'text', nullable: true }) license!: string | null;
  @Column({ type: 'text', nullable: true }) url!: string | null;
  @Column({ type: 'boolean', default: false }) retracted!: boolean;
}
