/**
 * Small helpers for elements. Nothing here takes markup, only text.
 */

/**
 * The element with an id.
 *
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`No element has the id ${id}`);
  return element;
}

/**
 * Sets an element's text, if it is another one.
 *
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Gives an element a class, or takes it away.
 *
 * @param {Element} element
 * @param {string} name
 * @param {boolean} on
 */
export function setClass(element, name, on) {
  if (element.classList.contains(name) !== on) element.classList.toggle(name, on);
}

/**
 * Shows or hides an element.
 *
 * @param {HTMLElement} element
 * @param {boolean} shown
 */
export function show(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

/** A cell: its text and, if it has any, its classes. @typedef {string | readonly [text: string, classes: string]} Cell */

/**
 * Brings the rows of a table up to date, touching only cells that have changed.
 *
 * @param {HTMLTableSectionElement} body
 * @param {readonly (readonly Cell[])[]} rows
 */
export function setRows(body, rows) {
  while (body.rows.length > rows.length) body.deleteRow(-1);
  rows.forEach((cells, at) => {
    const row = body.rows[at] ?? body.insertRow();
    setClass(row, "empty", false);
    while (row.cells.length > cells.length) row.deleteCell(-1);
    cells.forEach((cell, column) => {
      const element = row.cells[column] ?? row.insertCell();
      const [text, classes] = typeof cell === "string" ? [cell, ""] : cell;
      setText(element, text);
      if (element.colSpan !== 1) element.colSpan = 1;
      if (element.className !== classes) element.className = classes;
    });
  });
}

/**
 * The same, with a line in place of the rows when there are none.
 *
 * @param {HTMLTableSectionElement} body
 * @param {readonly (readonly Cell[])[]} rows
 * @param {{ columns: number, empty: string }} options
 */
export function setRowsOr(body, rows, { columns, empty }) {
  if (rows.length > 0) return setRows(body, rows);
  setRows(body, [[empty]]);
  const [row] = body.rows;
  if (row === undefined) return;
  setClass(row, "empty", true);
  const [cell] = row.cells;
  if (cell !== undefined && cell.colSpan !== columns) cell.colSpan = columns;
}

/**
 * The body of a table with an id.
 *
 * @param {string} id
 * @returns {HTMLTableSectionElement}
 */
export function bodyOf(id) {
  const element = byId(id);
  const body = element instanceof HTMLTableElement ? element.tBodies[0] : element;
  if (body instanceof HTMLTableSectionElement) return body;
  throw new Error(`${id} is no table`);
}
