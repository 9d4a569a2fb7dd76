import {
  type AlterTableNode,
  type CreateIndexNode,
  type CreateTableNode,
  type CreateViewNode,
  DefaultQueryCompiler,
  type DeleteQueryNode,
  type DropTableNode,
  type MergeQueryNode,
  type OnConflictNode,
  type OnDuplicateKeyNode,
  type PrimitiveValueListNode,
  type ReturningNode,
  type SetOperationNode,
  type UpdateQueryNode,
  ValuesNode,
} from 'kysely';
import { quoteIdentifier, quoteText } from '../quote.ts';
import { inferTyped } from './typed-value.ts';
import { UnsupportedQueryError } from './unsupported.ts';

const USE_MIGRATIONS = 'tables change in warehouse/migrations';

/** Kysely's operation nodes → ClickHouse SQL in which every value is a parameter `{p1:Type}` that the server fills in. */
export class ClickHouseQueryCompiler extends DefaultQueryCompiler {
  protected override appendValue(value: unknown): void {
    // NULL has no type of its own; as a word it fits every column.
    if (value === null) {
      this.append('NULL');
      return;
    }
    const typed = inferTyped(value);
    this.addParameter(typed);
    this.append(`{p${this.numParameters}:${typed.type}}`);
  }

  protected override appendStringLiteral(value: string): void {
    this.append(quoteText(value));
  }

  protected override visitPrimitiveValueList(node: PrimitiveValueListNode): void {
    const isRow = this.parentNode !== undefined && ValuesNode.is(this.parentNode);
    if (isRow || node.values.length === 0 || node.values.includes(null)) {
      super.visitPrimitiveValueList(node);
      return;
    }
    // A list to look in is one parameter: the text of the query does not grow with it.
    this.appendValue([...node.values]);
  }

  protected override compileUnwrappedIdentifier(node: { readonly name: string }): void {
    this.append(quoteIdentifier(node.name).slice(1, -1));
  }

  protected override getLeftIdentifierWrapper(): string {
    return '`';
  }

  protected override getRightIdentifierWrapper(): string {
    return '`';
  }

  protected override visitSetOperation(node: SetOperationNode): void {
    this.append(`${node.operator} ${node.all ? 'all' : 'distinct'} `);
    this.visitNode(node.expression);
  }

  protected override visitUpdateQuery(_node: UpdateQueryNode): void {
    throw new UnsupportedQueryError('UPDATE', 'insert a newer version of the row');
  }

  protected override visitDeleteQuery(_node: DeleteQueryNode): void {
    throw new UnsupportedQueryError('DELETE', 'insert a version marked as deleted, or drop the partition');
  }

  protected override visitMergeQuery(_node: MergeQueryNode): void {
    throw new UnsupportedQueryError('MERGE', 'insert newer versions of the rows');
  }

  protected override visitReturning(_node: ReturningNode): void {
    throw new UnsupportedQueryError('RETURNING', 'read the row with a SELECT');
  }

  protected override visitOnConflict(_node: OnConflictNode): void {
    throw new UnsupportedQueryError('ON CONFLICT', 'a ReplacingMergeTree keeps the newest version of a row');
  }

  protected override visitOnDuplicateKey(_node: OnDuplicateKeyNode): void {
    throw new UnsupportedQueryError('ON DUPLICATE KEY', 'a ReplacingMergeTree keeps the newest version of a row');
  }

  protected override visitCreateTable(_node: CreateTableNode): void {
    throw new UnsupportedQueryError('CREATE TABLE', USE_MIGRATIONS);
  }

  protected override visitAlterTable(_node: AlterTableNode): void {
    throw new UnsupportedQueryError('ALTER TABLE', USE_MIGRATIONS);
  }

  protected override visitDropTable(_node: DropTableNode): void {
    throw new UnsupportedQueryError('DROP TABLE', USE_MIGRATIONS);
  }

  protected override visitCreateView(_node: CreateViewNode): void {
    throw new UnsupportedQueryError('CREATE VIEW', USE_MIGRATIONS);
  }

  protected override visitCreateIndex(_node: CreateIndexNode): void {
    throw new UnsupportedQueryError('CREATE INDEX', USE_MIGRATIONS);
  }
}
