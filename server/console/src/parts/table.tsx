// A table with a caption: rows that scroll inside it, a heading that stays.
//
// May not enter: where rows come from.

import type { ComponentChildren } from "preact";

export interface Column<T> {
  readonly name: string;
  readonly words: string;
  readonly shown: (row: T) => ComponentChildren;
  readonly number?: boolean; // set to the right, digits under digits
}

interface Props<T> {
  readonly caption: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly key_of: (row: T) => string;
  readonly chosen?: string | null; // the key of the row that is looked at
  readonly empty: string; // what stands there when there is no row
}

export function Table<T>({ caption, columns, rows, key_of, chosen, empty }: Props<T>) {
  return (
    <div class="table" tabIndex={0} role="group" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, words, number }) => (
              <th key={name} scope="col" class={number === true ? "number" : undefined}>{words}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={key_of(row)} aria-current={key_of(row) === chosen ? "true" : undefined}>
              {columns.map(({ name, shown, number }) => (
                <td key={name} class={number === true ? "number" : undefined}>{shown(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p class="empty">{empty}</p>}
    </div>
  );
}
