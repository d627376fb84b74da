/** A compiled statement of the sqlite3 package, as far as it is used here. */
interface Statement {
  all(parameters: readonly unknown[], done: (error: Error | null, rows: readonly unknown[]) => void): void;
  finalize(done: (error: Error | null) => void): void;
}

/** A connection of the sqlite3 package, as far as it is used here. */
export interface PreparingConnection {
  prepare(sql: string, done: (error: Error | null) => void): Statement;
}

/**
 * Statements that are compiled once and kept, for what every search asks: TypeORM has SQLite compile each statement at each
 * call, which takes longer than to run a small one.
 */
export class PreparedReads {
  private readonly statements = new Map<string, Promise<Statement>>();

  constructor(private readonly connection: PreparingConnection) {}

  /** @param sql one of a few fixed texts: each is kept */
  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<readonly Row[]> {
    const statement = await this.compiled(sql);
    return new Promise((resolve, reject) => {
      statement.all(parameters, (error, rows) => {
        if (error === null) resolve(rows as readonly Row[]);
        else reject(error);
      });
    });
  }

  /** Before the connection is closed: SQLite does not close one that has statements. */
  async close(): Promise<void> {
    const kept = await Promise.allSettled(this.statements.values());
    this.statements.clear();
    for (const result of kept) {
      if (result.status === 'rejected') continue;
      await new Promise<void>((done) => {
        result.value.finalize(() => {
          done();
        });
      });
    }
  }

  private compiled(sql: string): Promise<Statement> {
    const known = this.statements.get(sql);
    if (known !== undefined) return known;
    const compiling = new Promise<Statement>((resolve, reject) => {
      const statement = this.connection.prepare(sql, (error) => {
        if (error === null) resolve(statement);
        else reject(error);
      });
    });
    this.statements.set(sql, compiling);
    // One that failed, since the database was busy, is compiled again at the next call.
    compiling.catch(() => this.statements.delete(sql));
    return compiling;
  }
}
