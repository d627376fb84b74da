import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('ingest_run')
export class IngestRunEntity {
  @PrimaryColumn({ type: 'text' }) id!: string;
  @Column({ type: 'text' }) source!: string;
  @Column({ type: 'text' }) state!: 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';
  @Column({ type: 'integer' }) read!: number;
  @Column({ type: 'integer' }) added!: number;
  @Column({ type: 'integer' }) updated!: number;
  @Column({ type: 'integer' }) unchanged!: number;
  @Column({ type: 'integer' }) rejected!: number;
  @Column({ name: 'started_at', type: 'integer' }) startedAt!: number;
  @Column({ name: 'ended_at', type: 'integer', nullable: true }) endedAt!: number | null;
}

@Entity('ingest_fault')
export class IngestFaultEntity {
  @PrimaryGeneratedColumn({ type: 'integer' }) id!: number;
  @Column({ name: 'run_id', type: 'text' }) runId!: string;
  @Column({ name: 'source_key', type: 'text' }) sourceKey!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) message!: string;
}

/** Facts about this database: its own id, and which model package is active. */
@Entity('property')
export class PropertyEntity {
  @PrimaryColumn({ type: 'text' }) name!: string;
  @Column({ type: 'text' }) value!: string;
}
