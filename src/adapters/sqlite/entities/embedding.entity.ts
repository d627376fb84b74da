import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/**
 * One vector of one panel in one space. `seq` never repeats (AUTOINCREMENT), also after a delete: it is the label of
 * the vector in every index, and “everything after seq n” is what a published generation does not hold yet.
 */
@Entity('embedding')
export class EmbeddingEntity {
  @PrimaryGeneratedColumn({ type: 'integer' }) seq!: number;
  @Column({ name: 'panel_id', type: 'text' }) panelId!: string;
  /** The model version that made the vector. */
  @Column({ type: 'text' }) space!: string;
  @Column({ type: 'text' }) kind!: 'IMAGE' | 'CAPTION';
  /** Little-endian float32, unit length. */
  @Column({ type: 'blob' }) vector!: Buffer;
}
